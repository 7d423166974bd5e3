import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const purpose = 'emporium refresh token successor 1';

/**
 * Makes refresh tokens. The successor of a token is computed from it, so a repeated request gets the same answer although only hashes are
 * stored, and nobody without the key can compute it from a stolen token.
 */
export class RefreshTokens {
  private readonly key: Buffer;

  /** `secret`: any secret that all processes of the service share; its own use is not weakened. */
  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret.trim(), '', purpose, 32));
  }

  issue(): string {
    return randomBytes(32).toString('base64url');
  }

  successorOf(token: string): string {
    return createHmac('sha256', this.key).update(token).digest('base64url');
  }

  /** The form in which a token is stored. A fast hash is enough: 256 random bits cannot be guessed. */
  hashOf(token: string): Buffer {
    return createHash('sha256').update(token).digest();
  }
}
