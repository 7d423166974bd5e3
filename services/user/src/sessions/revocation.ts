/** A session that ended before its access tokens did. `seq` counts up, with gaps. */
export interface Revocation {
  readonly seq: number;
  readonly sessionId: string;
  readonly endedAt: Date;
}
