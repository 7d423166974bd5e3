import { randomUUID } from 'node:crypto';
import { createAccessTokenSigner, generateAccessKey } from '@emporium/auth';
import { type Postgres, sql } from '@emporium/postgres';
import { AccountRepository } from '../src/accounts/account.repository.ts';
import { AccountService } from '../src/accounts/account.service.ts';
import { AddressRepository } from '../src/addresses/address.repository.ts';
import { AddressService } from '../src/addresses/address.service.ts';
import { PasswordService } from '../src/passwords/password.service.ts';
import { RetentionService } from '../src/retention/retention.service.ts';
import { RoleService } from '../src/roles/role.service.ts';
import { RefreshTokenRepository } from '../src/sessions/refresh-token.repository.ts';
import { RefreshTokens } from '../src/sessions/refresh-tokens.ts';
import { RevocationRepository } from '../src/sessions/revocation.repository.ts';
import { RevocationService } from '../src/sessions/revocation.service.ts';
import { SessionRepository } from '../src/sessions/session.repository.ts';
import { SessionService } from '../src/sessions/session.service.ts';
import { AttemptRepository } from '../src/sign-ins/attempt.repository.ts';
import { SignInRepository } from '../src/sign-ins/sign-in.repository.ts';
import { SignInService } from '../src/sign-ins/sign-in.service.ts';
import type { Origin } from '../src/sign-ins/sign-in.ts';

export const day = 86_400_000;
export const password = 'tea kettle on a red bicycle';
export const origin: Origin = { clientAddress: '192.0.2.7', userAgent: 'spec', requestId: 'r-1' };

export const lockout = { freeFailures: 3, baseDelayMs: 60_000, maxDelayMs: 600_000, forgetAfterMs: 3_600_000 };

const sessionRule = {
  accessTokenLifetimeSeconds: 600,
  refreshTokenLifetimeMs: 14 * day,
  sessionLifetimeMs: 90 * day,
  refreshGraceMs: 10_000,
};

/** The services of one process, by hand: what the modules wire. */
export function buildServices(postgres: Postgres, secret = 'secret') {
  const signer = createAccessTokenSigner({ privateKey: generateAccessKey(), issuer: 'i', audience: 'a', lifetimeSeconds: 600 });
  const tokens = new RefreshTokens(secret);
  const accounts = new AccountService(postgres, new AccountRepository(), { minLength: 15, maxLength: 128 });
  const signIns = new SignInService(postgres, new AttemptRepository(), new SignInRepository(), lockout);
  const revocations = new RevocationService(postgres, new RevocationRepository());
  const sessions = new SessionService(
    postgres,
    new SessionRepository(),
    new RefreshTokenRepository(),
    revocations,
    accounts,
    signIns,
    tokens,
    signer,
    sessionRule,
  );
  const passwords = new PasswordService(postgres, accounts, signIns, sessions);
  const roles = new RoleService(postgres, accounts, sessions);
  const addresses = new AddressService(postgres, new AddressRepository(), accounts);
  const kept = { endedSessionsMs: 30 * day, signInsMs: 180 * day, attemptsMs: day };
  const retention = new RetentionService(postgres, sessions, revocations, signIns, kept);

  return { accounts, signIns, revocations, sessions, passwords, roles, addresses, retention, tokens };
}

export type Services = ReturnType<typeof buildServices>;

export const newEmail = () => `${randomUUID()}@example.test`;

/** Somebody who has an account and is signed in. */
export async function signedIn({ accounts, sessions }: Services) {
  const account = await accounts.register({ email: newEmail(), password, name: 'Grace' });
  const tokens = await sessions.login(account.email, password, origin);
  return { account, tokens, sessionId: sessionIdOf(tokens.accessToken) };
}

export const claimsOf = (
  accessToken: string,
): { sub: string; role: string; sid: string; iss: string; aud: string; exp: number; iat: number } =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());

export const sessionIdOf = (accessToken: string): string => claimsOf(accessToken).sid;

/** Makes a used refresh token look as if it had been used that long ago. */
export async function ageUse(postgres: Postgres, hash: Buffer, ms: number): Promise<void> {
  await postgres.execute(sql`
    update refresh_tokens set used_at = used_at - ${ms}::int8 * interval '1 millisecond' where token_hash = ${hash}
  `);
}

export const times = <T>(count: number, work: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => work(index));

export const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

export const outcomes = async (attempts: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(attempts)).map((result) => (result.status === 'fulfilled' ? 'done' : codeOf(result.reason)));
