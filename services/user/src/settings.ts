import { createAccessTokenSigner } from '@emporium/auth';
import type { Provider } from '@nestjs/common';
import { PasswordSettings } from './accounts/password-settings.ts';
import type { UserConfig } from './config.ts';
import { RetentionSettings } from './retention/retention-settings.ts';
import { AccessTokens } from './sessions/access-tokens.ts';
import { RefreshTokens } from './sessions/refresh-tokens.ts';
import { SessionSettings } from './sessions/session-settings.ts';
import { LockoutSettings } from './sign-ins/lockout-settings.ts';

/** The configuration, in the pieces the features ask for. */
export function settingsOf(config: UserConfig) {
  const accessTokens = createAccessTokenSigner({
    privateKey: config.jwtPrivateKey,
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
    lifetimeSeconds: Math.floor(config.accessTokenLifetimeMs / 1000),
    previousKeys: config.jwtPreviousKeys,
  });
  const providers: Provider[] = [
    { provide: AccessTokens, useValue: accessTokens },
    { provide: RefreshTokens, useValue: new RefreshTokens(config.jwtPrivateKey) },
    { provide: PasswordSettings, useValue: new PasswordSettings({ minLength: config.passwordMinLength, maxLength: 128 }) },
    {
      provide: SessionSettings,
      useValue: new SessionSettings({ ...config, accessTokenLifetimeSeconds: Math.floor(config.accessTokenLifetimeMs / 1000) }),
    },
    {
      provide: LockoutSettings,
      useValue: new LockoutSettings({
        freeFailures: config.lockoutFreeFailures,
        baseDelayMs: config.lockoutBaseDelayMs,
        maxDelayMs: config.lockoutMaxDelayMs,
        forgetAfterMs: config.lockoutForgetAfterMs,
      }),
    },
    {
      provide: RetentionSettings,
      useValue: new RetentionSettings({
        endedSessionsMs: config.endedSessionsKeptMs,
        signInsMs: config.signInsKeptMs,
        attemptsMs: config.lockoutForgetAfterMs,
      }),
    },
  ];
  return { accessTokens, providers };
}
