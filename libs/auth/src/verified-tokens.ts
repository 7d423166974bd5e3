import { LRUCache } from 'lru-cache';

/** Tokens whose signature was checked before, until they expire: a signature is checked once per token, not once per request. */
export class VerifiedTokens<Claims extends { exp: number }> {
  private readonly cache: LRUCache<string, Claims>;

  constructor(max: number) {
    this.cache = new LRUCache({ max });
  }

  get(token: string): Claims | undefined {
    const claims = this.cache.get(token);
    if (claims === undefined || claims.exp * 1000 > Date.now()) return claims;
    this.cache.delete(token);
    return undefined;
  }

  set(token: string, claims: Claims): void {
    this.cache.set(token, claims);
  }

  clear(): void {
    this.cache.clear();
  }
}
