import type { JSONWebKeySet } from '@emporium/auth';

/** The public keys of users' access tokens, from the user service. 2 s: a sign-in check must not hang on it. */
export async function fetchKeys(userServiceUrl: string): Promise<JSONWebKeySet> {
  const response = await fetch(new URL('/.well-known/jwks.json', userServiceUrl), { signal: AbortSignal.timeout(2000) });
  if (!response.ok) throw new Error(`The user service answered ${response.status} for its key set.`);
  return (await response.json()) as JSONWebKeySet;
}
