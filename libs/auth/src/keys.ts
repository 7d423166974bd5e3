import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { JSONWebKeySet, JWK } from 'jose';

export type { JSONWebKeySet } from 'jose';

/** A new ES256 private key for `JWT_PRIVATE_KEY`: a JWK in one line, fit for an environment variable. */
export const generateAccessKey = (): string =>
  JSON.stringify({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), alg: 'ES256' });

/** Service → its `SERVICE_TOKEN_KEY`, and the one `SERVICE_TOKEN_PUBLIC_KEYS` all of them share. Every text is JSON in one line. */
export interface ServiceKeys {
  privateKeys: Record<string, string>;
  publicKeys: string;
}

/** New Ed25519 keys, one per service; the key's id is the service's name. */
export function generateServiceKeys(names: readonly string[]): ServiceKeys {
  const pairs = names.map((name) => ({ name, ...generateKeyPairSync('ed25519') }));
  const asJwk = (name: string, key: KeyObject): JWK => ({
    ...(key.export({ format: 'jwk' }) as JWK),
    kid: name,
    alg: 'EdDSA',
    use: 'sig',
  });

  return {
    privateKeys: Object.fromEntries(pairs.map(({ name, privateKey }) => [name, JSON.stringify(asJwk(name, privateKey))])),
    publicKeys: JSON.stringify({ keys: pairs.map(({ name, publicKey }) => asJwk(name, publicKey)) }),
  };
}

/** The two kinds of key the platform signs with. */
export type KeyAlgorithm = 'ES256' | 'EdDSA';

/** Reads a private key as PKCS8 PEM (real line ends or `\n`) or JWK JSON. Raises a plain Error that does not quote the text. */
export function readPrivateKey(text: string, algorithm: KeyAlgorithm): KeyObject {
  const key = parsePrivateKey(text.trim());
  if (!fits(key, algorithm)) throw new Error(`The private key is not one for ${algorithm}.`);
  return key;
}

function parsePrivateKey(text: string): KeyObject {
  try {
    return text.startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
      : createPrivateKey(text.replaceAll('\\n', '\n'));
  } catch {
    // The parsers' own messages may quote the key.
    throw new Error('The private key is neither a PKCS8 PEM nor a private JWK.');
  }
}

/** Key id → public key, of the signature keys of one algorithm. Every other entry, private and symmetric ones included, is left out. */
export function readPublicKeys(set: JSONWebKeySet, algorithm: KeyAlgorithm): Map<string, KeyObject> {
  const readable = set.keys.flatMap((jwk): [string, KeyObject][] => {
    const key = isPublicSignatureKey(jwk, algorithm) ? parsePublicKey(jwk) : undefined;
    return key !== undefined && jwk.kid !== undefined && fits(key, algorithm) ? [[jwk.kid, key]] : [];
  });
  return new Map(readable);
}

const isPublicSignatureKey = (jwk: JWK, algorithm: KeyAlgorithm): boolean =>
  jwk.d === undefined && (jwk.alg ?? algorithm) === algorithm && (jwk.use ?? 'sig') === 'sig' && jwk.kty !== 'oct';

function parsePublicKey(jwk: JWK): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as Record<string, unknown>, format: 'jwk' });
  } catch {
    // One entry this version cannot read must not take the readable ones with it.
    return undefined;
  }
}

const fits = (key: KeyObject, algorithm: KeyAlgorithm): boolean =>
  algorithm === 'EdDSA'
    ? key.asymmetricKeyType === 'ed25519'
    : key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
