import { generateKeyPairSync } from 'node:crypto';
import type { JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { generateAccessKey, generateServiceKeys, readPrivateKey, readPublicKeys } from './keys.ts';

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const publicJwk = (extra: JWK = {}): JWK => ({ ...(ec('P-256').publicKey.export({ format: 'jwk' }) as JWK), kid: 'a', ...extra });

describe('a private key', () => {
  it('may be PKCS8 PEM, PEM with its line ends escaped, or a JWK', () => {
    const { privateKey } = ec('P-256');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const jwk = JSON.stringify(privateKey.export({ format: 'jwk' }));

    for (const text of [pem, pem.replaceAll('\n', '\\n'), jwk, ` ${jwk}\n`]) {
      expect(readPrivateKey(text, 'ES256').equals(privateKey)).toBe(true);
    }
  });

  it.each([
    ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['another curve', ec('P-384').privateKey],
    ['an Ed25519 key', generateKeyPairSync('ed25519').privateKey],
  ])('is refused for ES256 when it is %s', (_name, key) => {
    expect(() => readPrivateKey(key.export({ type: 'pkcs8', format: 'pem' }).toString(), 'ES256')).toThrow('not one for ES256');
  });

  it('is refused for EdDSA when it is one for ES256', () => {
    expect(() => readPrivateKey(generateAccessKey(), 'EdDSA')).toThrow('not one for EdDSA');
  });

  it.each(['', 'hunter2', '{"hunter2', '{"kty":"hunter2"}', '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----'])(
    'that is none is refused without being quoted (%j)',
    (text) => {
      expect(() => readPrivateKey(text, 'ES256')).toThrow(/^The private key is neither a PKCS8 PEM nor a private JWK\.$/);
    },
  );

  it('is not a public one', () => {
    expect(() => readPrivateKey(JSON.stringify(publicJwk()), 'ES256')).toThrow('neither');
  });
});

describe('public keys', () => {
  it('are those of the algorithm that are meant for signatures and can be read', () => {
    const keys: JWK[] = [
      publicJwk({ kid: 'plain' }),
      publicJwk({ kid: 'full', alg: 'ES256', use: 'sig' }),
      publicJwk({ kid: 'for-encryption', use: 'enc' }),
      publicJwk({ kid: 'other-algorithm', alg: 'ES384' }),
      { ...(ec('P-384').publicKey.export({ format: 'jwk' }) as JWK), kid: 'other-curve' },
      { ...(ec('P-256').privateKey.export({ format: 'jwk' }) as JWK), kid: 'private' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'symmetric' },
      { kty: 'EC', crv: 'P-256', x: 'broken', y: 'broken', kid: 'broken' },
      publicJwk({ kid: undefined }),
    ];

    expect([...readPublicKeys({ keys }, 'ES256').keys()]).toEqual(['plain', 'full']);
  });
});

describe('new keys', () => {
  it('fit into one line of an environment file', () => {
    const { privateKeys, publicKeys } = generateServiceKeys(['order', 'payment']);

    for (const text of [generateAccessKey(), publicKeys, ...Object.values(privateKeys)]) expect(text).not.toMatch(/[\n']/);
    expect(Object.keys(privateKeys)).toEqual(['order', 'payment']);
  });

  it('never put a private part among the public ones', () => {
    const { publicKeys } = generateServiceKeys(['order']);

    expect(JSON.parse(publicKeys).keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: 'order', alg: 'EdDSA', use: 'sig' },
    ]);
  });

  it('are new every time', () => {
    expect(generateAccessKey()).not.toBe(generateAccessKey());
  });
});
