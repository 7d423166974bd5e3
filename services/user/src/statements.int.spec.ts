import { randomBytes, randomUUID } from 'node:crypto';
import { type AnyDatabase, explain, planModes, readWhole, statementsOf, testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { givenManyAccounts } from '../test/many-accounts.ts';
import { AccountRepository } from './accounts/account.repository.ts';
import { openAccount } from './accounts/account.ts';
import { AddressRepository } from './addresses/address.repository.ts';
import { migrations } from './migrations.ts';
import { RefreshTokenRepository } from './sessions/refresh-token.repository.ts';
import { RevocationRepository } from './sessions/revocation.repository.ts';
import { SessionRepository } from './sessions/session.repository.ts';
import { AttemptRepository } from './sign-ins/attempt.repository.ts';
import { SignInRepository } from './sign-ins/sign-in.repository.ts';

const id = randomUUID();
const ids = Array.from({ length: 50 }, () => randomUUID());
const hash = randomBytes(32);
const now = new Date();
const after = { createdAt: new Date(now.getTime() - 3_600_000), id };
const end = { at: now, cause: 'logout' } as const;
const origin = { clientAddress: undefined, userAgent: undefined, requestId: undefined };
const session = {
  id,
  accountId: id,
  userAgent: undefined,
  clientAddress: undefined,
  createdAt: now,
  lastUsedAt: now,
  expiresAt: now,
};
const address = {
  id,
  accountId: id,
  name: 'A',
  line1: 'A',
  line2: undefined,
  city: 'A',
  postalCode: 'A',
  country: 'GB',
  createdAt: now,
};

const accounts = new AccountRepository();
const addresses = new AddressRepository();
const sessions = new SessionRepository();
const tokens = new RefreshTokenRepository();
const revocations = new RevocationRepository();
const attempts = new AttemptRepository();
const signIns = new SignInRepository();

/** Methods that only the hourly job calls: it may read what it clears. */
const ofTheJob = ['deleteOver', 'deleteBefore'];

/** Every other method of the repositories. */
const calls: [name: string, call: (db: AnyDatabase) => Promise<unknown>][] = [
  ['open an account', (db) => accounts.insert(db, openAccount({ id, email: 'a@b.c', name: 'A', at: now }), 'hash')],
  ['find an account', (db) => accounts.findById(db, id)],
  ['find credentials', (db) => accounts.findCredentials(db, 'a@b.c')],
  ['find credentials by id', (db) => accounts.findCredentialsById(db, id)],
  ['list accounts', (db) => accounts.list(db, { limit: 101 })],
  ['list accounts further', (db) => accounts.list(db, { limit: 101, after })],
  ['list accounts by address', (db) => accounts.list(db, { limit: 101, emailPrefix: 'abc' })],
  ['list accounts by address further', (db) => accounts.list(db, { limit: 101, emailPrefix: 'abc', after })],
  ['rename an account', (db) => accounts.rename(db, id, 'B', now)],
  ['change a password', (db) => accounts.changePassword(db, id, { from: 'a', to: 'b', at: now })],
  ['renew a hash', (db) => accounts.renewHash(db, id, { from: 'a', to: 'b' })],
  ['change a role', (db) => accounts.changeRole(db, id, 'support', now)],
  ['hold an account', (db) => accounts.holdWithPassword(db, id, 'hash')],
  ['lock an account', (db) => accounts.lock(db, id)],
  ['lock the administrators', (db) => accounts.lockAdmins(db)],
  ['add an address', (db) => addresses.insert(db, address)],
  ['count addresses', (db) => addresses.count(db, id)],
  ['list addresses', (db) => addresses.list(db, { accountId: id, limit: 101 })],
  ['list addresses further', (db) => addresses.list(db, { accountId: id, limit: 101, after })],
  ['delete an address', (db) => addresses.delete(db, id, id)],
  ['begin a session', (db) => sessions.insert(db, session)],
  ['list sessions', (db) => sessions.list(db, { accountId: id, now, limit: 101 })],
  ['list sessions further', (db) => sessions.list(db, { accountId: id, now, limit: 101, after })],
  ['use a session', (db) => sessions.use(db, id, now)],
  ['end a session', (db) => sessions.end(db, id, id, end)],
  ['end all sessions', (db) => sessions.endAll(db, id, end)],
  ['end all other sessions', (db) => sessions.endAll(db, id, { ...end, except: id })],
  ['give out a refresh token', (db) => tokens.insert(db, { hash, sessionId: id, issuedAt: now, expiresAt: now })],
  ['claim a refresh token', (db) => tokens.claim(db, hash, now)],
  ['find a refresh token', (db) => tokens.find(db, hash, now)],
  ['revoke fifty sessions', (db) => revocations.insert(db, ids, now)],
  ['list what was revoked', (db) => revocations.listAfter(db, 0, { youngerThanMs: 1_200_000, limit: 1_000 })],
  ['list what was revoked lately', (db) => revocations.listAfter(db, 19_990, { youngerThanMs: 1_200_000, limit: 1_000 })],
  ['tell how far the revocations are', (db) => revocations.marks(db, 5_000)],
  ['look up wrong guesses', (db) => attempts.find(db, hash)],
  ['lock wrong guesses', (db) => attempts.lock(db, hash, now).catch(ignoreMissingRow)],
  ['count a wrong guess', (db) => attempts.save(db, hash, { failures: 1, lastAttemptAt: now, lockedUntil: undefined })],
  ['forget wrong guesses', (db) => attempts.forget(db, hash)],
  ['note a sign-in', (db) => signIns.insert(db, { at: now, outcome: 'failed', emailHash: hash, origin })],
];

function ignoreMissingRow(error: unknown): void {
  if (!(error instanceof Error) || error.message !== 'An upsert returned no row.') throw error;
}

describe('the statements of requests, on 20,000 accounts', () => {
  const db = testDatabase('user_statements', { migrations });

  beforeAll(() => givenManyAccounts(db), 180_000);

  it('are all looked at', () => {
    const repositories = { accounts, addresses, sessions, tokens, revocations, attempts, signIns };
    const text = calls.map(([, call]) => String(call)).join('\n');

    for (const [name, repository] of Object.entries(repositories)) {
      const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(repository)).filter(
        (method) => method !== 'constructor' && !ofTheJob.includes(method),
      );
      expect(methods.length).toBeGreaterThan(0);
      for (const method of methods) expect(text).toContain(`${name}.${method}(`);
    }
  });

  describe.each(planModes)('with %s', (mode) => {
    it.each(calls)('%s without reading a whole table', async (_, call) => {
      const statements = await statementsOf(call);

      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) expect(readWhole(await explain(db, statement, mode))).toEqual([]);
    });
  });
});
