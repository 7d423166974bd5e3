export type EndCause = 'logout' | 'ended-by-user' | 'password-changed' | 'role-changed' | 'token-reused';

/** One device that signed in: a family of refresh tokens, of which one is unused at a time. */
export interface Session {
  readonly id: string;
  readonly accountId: string;
  readonly userAgent: string | undefined;
  readonly clientAddress: string | undefined;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

export interface SessionRule {
  /** Life of an unused refresh token, in milliseconds. */
  readonly refreshTokenLifetimeMs: number;
  /** Life of a session however often it is refreshed, in milliseconds. */
  readonly sessionLifetimeMs: number;
  /** How long a used refresh token may be sent again and is answered with the same successor, in milliseconds. */
  readonly refreshGraceMs: number;
}

export function openSession(
  draft: Pick<Session, 'id' | 'accountId' | 'userAgent' | 'clientAddress'> & { at: Date },
  rule: SessionRule,
): Session {
  const { at, ...rest } = draft;
  return { ...rest, createdAt: at, lastUsedAt: at, expiresAt: new Date(at.getTime() + rule.sessionLifetimeMs) };
}

/** What is known of a refresh token that could not be claimed. */
export interface SpentToken {
  readonly sessionId: string;
  readonly accountId: string;
  readonly usedAt: Date | undefined;
  readonly expiresAt: Date;
  /** Whether the session is neither ended nor over. */
  readonly sessionLives: boolean;
}

/**
 * 'repeat': the answer was lost or two tabs asked at once; the same successor again. 'reused': somebody holds a copy, the family must end.
 * 'dead': it opens nothing any more, and says nothing about theft.
 */
export function judge(token: SpentToken, now: Date, rule: SessionRule): 'repeat' | 'reused' | 'dead' {
  if (!token.sessionLives || token.expiresAt <= now || token.usedAt === undefined) return 'dead';
  return now.getTime() - token.usedAt.getTime() < rule.refreshGraceMs ? 'repeat' : 'reused';
}

/** A refresh token never outlives its session. */
export const tokenExpiry = (now: Date, sessionExpiresAt: Date, rule: SessionRule): Date =>
  new Date(Math.min(now.getTime() + rule.refreshTokenLifetimeMs, sessionExpiresAt.getTime()));
