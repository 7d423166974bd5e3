import { randomUUID } from 'node:crypto';
import { passwordNeedsRehash } from '@emporium/auth';
import { Postgres, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { AccountService } from '../accounts/account.service.ts';
import type { Account } from '../accounts/account.ts';
import { wrongCredentials } from '../sign-ins/sign-in.errors.ts';
import { signInMetrics } from '../sign-ins/sign-in.metrics.ts';
import { SignInService } from '../sign-ins/sign-in.service.ts';
import type { Origin } from '../sign-ins/sign-in.ts';
import { AccessTokens } from './access-tokens.ts';
import { RefreshTokenRepository } from './refresh-token.repository.ts';
import { RefreshTokens } from './refresh-tokens.ts';
import { RevocationService } from './revocation.service.ts';
import { invalidRefreshToken, sessionEnded, sessionNotFound } from './session.errors.ts';
import { sessionMetrics } from './session.metrics.ts';
import { type SessionFilter, SessionRepository } from './session.repository.ts';
import { type EndCause, judge, openSession, type Session, tokenExpiry } from './session.ts';
import { SessionSettings } from './session-settings.ts';

/** What a client gets after signing in and after each refresh. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

/** Who a session belongs to and which it is: the content of an access token. */
interface Bearer {
  readonly account: Pick<Account, 'id' | 'role'>;
  readonly sessionId: string;
}

type Refreshed = { kind: 'next'; bearer: Bearer } | { kind: 'refused' };

@Injectable()
export class SessionService {
  constructor(
    private readonly postgres: Postgres,
    private readonly sessions: SessionRepository,
    private readonly refreshTokens: RefreshTokenRepository,
    private readonly revocations: RevocationService,
    private readonly accounts: AccountService,
    private readonly signIns: SignInService,
    private readonly tokens: RefreshTokens,
    private readonly accessTokens: AccessTokens,
    private readonly settings: SessionSettings,
  ) {}

  async login(email: string, password: string, origin: Origin): Promise<Tokens> {
    const credentials = await this.accounts.findCredentials(email);
    const { account, passwordHash } = credentials ?? {};
    const right = await this.signIns.check({ email, password, passwordHash, accountId: account?.id, origin });
    if (!right || account === undefined || passwordHash === undefined) throw wrongCredentials();

    const refreshToken = this.tokens.issue();
    const bearer = await this.postgres.transaction(async (tx) => {
      // Checked again under a lock: a password changed in the meantime must not leave a session behind.
      const holder = await this.accounts.holdWithPassword(tx, account.id, passwordHash);
      if (holder === undefined) return undefined;
      const session = openSession({ ...origin, id: randomUUID(), accountId: holder.id, at: new Date() }, this.settings);
      await this.sessions.insert(tx, session);
      await this.storeToken(tx, refreshToken, session);
      await this.signIns.succeed(tx, email, { at: session.createdAt, accountId: holder.id, sessionId: session.id, origin });
      return { account: holder, sessionId: session.id };
    });

    if (bearer === undefined) {
      // An outdated hash is renewed by whoever signs in first: then the password is held against the new one, which is not outdated.
      if (passwordNeedsRehash(passwordHash)) return this.login(email, password, origin);
      throw wrongCredentials();
    }

    await this.accounts.renewHash(account.id, password, passwordHash);
    signInMetrics.happened('succeeded');
    return this.toTokens(bearer, refreshToken);
  }

  async refresh(refreshToken: string, origin: Origin): Promise<Tokens> {
    const successor = this.tokens.successorOf(refreshToken);
    const hash = this.tokens.hashOf(refreshToken);
    // A refusal may end the family, so it is returned and thrown after the commit.
    const refreshed = await this.postgres.transaction(async (tx) => {
      const now = new Date();
      const sessionId = await this.refreshTokens.claim(tx, hash, now);
      return sessionId === undefined
        ? this.answerSpent(tx, hash, successor, now, origin)
        : this.rotate(tx, sessionId, successor, now);
    });
    if (refreshed.kind === 'refused') throw invalidRefreshToken();
    return this.toTokens(refreshed.bearer, successor);
  }

  list(filter: Omit<SessionFilter, 'now'>): Promise<Session[]> {
    return this.sessions.list(this.postgres, { ...filter, now: new Date() });
  }

  /** Signing out twice is no mistake. */
  async logout(accountId: string, sessionId: string): Promise<void> {
    await this.postgres.transaction((tx) => this.end(tx, accountId, sessionId, 'logout'));
  }

  async endOne(accountId: string, sessionId: string): Promise<void> {
    const ended = await this.postgres.transaction((tx) => this.end(tx, accountId, sessionId, 'ended-by-user'));
    // Somebody else's session answers like a missing one, so ids cannot be probed.
    if (!ended) throw sessionNotFound(sessionId);
  }

  async endAll(tx: Transaction, accountId: string, cause: EndCause, except?: string): Promise<void> {
    const at = new Date();
    const ended = await this.sessions.endAll(tx, accountId, { at, cause, except });
    await this.revocations.record(tx, ended, at);
    sessionMetrics.ended(cause, ended.length);
  }

  /** Raises 'session-ended' (401) unless the session lives, and keeps it alive until the transaction ends. */
  async requireLive(tx: Transaction, sessionId: string): Promise<void> {
    if ((await this.sessions.use(tx, sessionId, new Date())) === undefined) throw sessionEnded();
  }

  /** Tokens go once they open nothing; sessions, each with up to two weeks of tokens, in smaller steps. */
  async purge(tx: Transaction, before: { tokens: Date; sessions: Date }, limit: number): Promise<number> {
    const tokens = await this.refreshTokens.deleteOver(tx, before.tokens, limit);
    return tokens + (await this.sessions.deleteOver(tx, before.sessions, Math.ceil(limit / 10)));
  }

  private async rotate(tx: Transaction, sessionId: string, successor: string, now: Date): Promise<Refreshed> {
    const session = await this.sessions.use(tx, sessionId, now);
    if (session === undefined) return { kind: 'refused' };
    await this.storeToken(tx, successor, session);
    return this.toBearer(tx, session.accountId, session.id);
  }

  private async answerSpent(tx: Transaction, hash: Buffer, successor: string, now: Date, origin: Origin): Promise<Refreshed> {
    const spent = await this.refreshTokens.find(tx, hash, now);
    if (spent === undefined) return { kind: 'refused' };
    const { accountId, sessionId } = spent;
    const verdict = judge(spent, now, this.settings);
    if (verdict === 'reused' && (await this.end(tx, accountId, sessionId, 'token-reused'))) {
      await this.signIns.tokenReused(tx, { at: now, accountId, sessionId, origin });
      signInMetrics.happened('token-reused');
    }
    if (verdict !== 'repeat') return { kind: 'refused' };
    // Without the successor on record (the key was changed in between) there is nothing to repeat.
    const known = await this.refreshTokens.find(tx, this.tokens.hashOf(successor), now);
    return known === undefined ? { kind: 'refused' } : this.toBearer(tx, accountId, sessionId);
  }

  private async end(tx: Transaction, accountId: string, sessionId: string, cause: EndCause): Promise<boolean> {
    const at = new Date();
    const ended = await this.sessions.end(tx, sessionId, accountId, { at, cause });
    if (!ended) return false;
    await this.revocations.record(tx, [sessionId], at);
    sessionMetrics.ended(cause, 1);
    return true;
  }

  private async storeToken(tx: Transaction, token: string, { id, lastUsedAt, expiresAt }: Session): Promise<void> {
    const expiry = tokenExpiry(lastUsedAt, expiresAt, this.settings);
    await this.refreshTokens.insert(tx, {
      hash: this.tokens.hashOf(token),
      sessionId: id,
      issuedAt: lastUsedAt,
      expiresAt: expiry,
    });
  }

  private async toBearer(tx: Transaction, accountId: string, sessionId: string): Promise<Refreshed> {
    const account = await this.accounts.find(tx, accountId);
    return account === undefined ? { kind: 'refused' } : { kind: 'next', bearer: { account, sessionId } };
  }

  private async toTokens({ account, sessionId }: Bearer, refreshToken: string): Promise<Tokens> {
    const accessToken = await this.accessTokens.sign({ sub: account.id, role: account.role, sid: sessionId });
    return { accessToken, refreshToken, expiresInSeconds: this.settings.accessTokenLifetimeSeconds };
  }
}
