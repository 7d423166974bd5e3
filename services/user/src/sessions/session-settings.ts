import type { SessionRule } from './session.ts';

/** Settings of sessions, as a token to inject. */
export class SessionSettings implements SessionRule {
  readonly accessTokenLifetimeSeconds: number;
  readonly refreshTokenLifetimeMs: number;
  readonly sessionLifetimeMs: number;
  readonly refreshGraceMs: number;

  constructor(settings: SessionRule & { accessTokenLifetimeSeconds: number }) {
    this.accessTokenLifetimeSeconds = settings.accessTokenLifetimeSeconds;
    this.refreshTokenLifetimeMs = settings.refreshTokenLifetimeMs;
    this.sessionLifetimeMs = settings.sessionLifetimeMs;
    this.refreshGraceMs = settings.refreshGraceMs;
  }
}
