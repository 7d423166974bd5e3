import { type ConfigOf, defineConfig, env } from '@emporium/config';
import { databaseConfig, platformConfig } from '@emporium/service-defaults';
import { z } from 'zod';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const tenYears = 3_650 * day;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });

const spec = {
  ...platformConfig({ port: 3002, managementPort: 9002 }),
  ...databaseConfig(),
  /** ES256, as PKCS8 PEM or JWK JSON. Also the root of the key that derives refresh tokens. */
  jwtPrivateKey: env.secret('JWT_PRIVATE_KEY'),
  /** Public keys that signed before, published until their tokens have expired. */
  jwtPreviousKeys: env.json('JWT_PREVIOUS_KEYS', keySet, { optional: true }),
  accessTokenLifetimeMs: env.duration('ACCESS_TOKEN_LIFETIME_MS', { default: 10 * minute, min: 10 * second, max: 15 * minute }),
  refreshTokenLifetimeMs: env.duration('REFRESH_TOKEN_LIFETIME_MS', { default: 14 * day, min: minute, max: tenYears }),
  refreshGraceMs: env.duration('REFRESH_GRACE_MS', { default: 10 * second, max: minute }),
  sessionLifetimeMs: env.duration('SESSION_LIFETIME_MS', { default: 90 * day, min: minute, max: tenYears }),
  passwordMinLength: env.integer('PASSWORD_MIN_LENGTH', { default: 15, min: 8, max: 64 }),
  lockoutFreeFailures: env.integer('LOCKOUT_FREE_FAILURES', { default: 20, defaultInProduction: 5, min: 1, max: 1_000 }),
  lockoutBaseDelayMs: env.duration('LOCKOUT_BASE_DELAY_MS', { default: second, defaultInProduction: 5 * second, min: 1 }),
  lockoutMaxDelayMs: env.duration('LOCKOUT_MAX_DELAY_MS', {
    default: minute,
    defaultInProduction: 15 * minute,
    min: 1,
    max: day,
  }),
  lockoutForgetAfterMs: env.duration('LOCKOUT_FORGET_AFTER_MS', {
    default: 15 * minute,
    defaultInProduction: day,
    min: second,
    max: 30 * day,
  }),
  endedSessionsKeptMs: env.duration('ENDED_SESSIONS_KEPT_MS', { default: 30 * day, max: tenYears }),
  signInsKeptMs: env.duration('SIGN_INS_KEPT_MS', { default: 180 * day, max: tenYears }),
};

export type UserConfig = ConfigOf<typeof spec>;

/** The only file of this service that knows environment variable names. */
export const loadConfig = defineConfig(spec);
