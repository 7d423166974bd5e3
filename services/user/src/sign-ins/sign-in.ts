/** Where a sign-in came from, for the person and the audit. */
export interface Origin {
  readonly clientAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly requestId: string | undefined;
}

export type SignInOutcome = 'succeeded' | 'failed' | 'locked' | 'token-reused';

/** One row of the audit of sign-ins. */
export interface SignIn {
  readonly at: Date;
  readonly outcome: SignInOutcome;
  readonly accountId?: string;
  readonly sessionId?: string;
  readonly emailHash?: Buffer;
  readonly origin: Origin;
}

/** What a browser calls itself is worth keeping up to this length, in UTF-16 units. */
const longestUserAgent = 256;

export function toOrigin(clientAddress: string, headers: Readonly<Record<string, string | undefined>>): Origin {
  const userAgent = headers['user-agent']
    ?.replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, longestUserAgent);
  return { clientAddress, userAgent: userAgent === '' ? undefined : userAgent, requestId: headers['x-request-id']?.slice(0, 64) };
}
