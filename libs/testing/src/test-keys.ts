import {
  createAccessTokenSigner,
  createServiceTokenSigner,
  generateAccessKey,
  generateServiceKeys,
  type JSONWebKeySet,
  type Role,
} from '@emporium/auth';

const services = ['gateway', 'user', 'product', 'order', 'payment', 'stranger'];

/** Every key a platform has, made for one spec. */
export interface TestKeys {
  /** SERVICE_TOKEN_KEY of a service. */
  privateKeyOf(service: string): string;
  /** SERVICE_TOKEN_PUBLIC_KEYS of all of them. */
  publicKeys: string;
  /** JWT_PRIVATE_KEY of the user service. */
  accessKey: string;
  /** What the user service serves as its key set. */
  jwks(): Promise<JSONWebKeySet>;
  /** An access token as the user service signs it. */
  userToken(user?: { sub?: string; role?: Role; sid?: string }): Promise<string>;
  /** A service token from one service to another. */
  serviceToken(caller: string, audience: string): Promise<string>;
}

/** Makes the keys of a whole platform; tokens of another set do not fit. `stranger` is a service that nobody lets in. */
export function testKeys(): TestKeys {
  const { privateKeys, publicKeys } = generateServiceKeys(services);
  const accessKey = generateAccessKey();
  const signer = createAccessTokenSigner({
    privateKey: accessKey,
    issuer: 'https://emporium.example',
    audience: 'emporium',
    lifetimeSeconds: 600,
  });
  const privateKeyOf = (service: string): string => {
    const key = privateKeys[service];
    if (key === undefined) throw new Error(`There is no service called ${service}.`);
    return key;
  };
  return {
    privateKeyOf,
    publicKeys,
    accessKey,
    jwks: () => signer.jwks(),
    userToken: ({ sub = crypto.randomUUID(), role = 'customer', sid = crypto.randomUUID() } = {}) =>
      signer.sign({ sub, role, sid }),
    serviceToken: (caller, audience) =>
      createServiceTokenSigner({ service: caller, privateKey: privateKeyOf(caller) }).tokenFor(audience),
  };
}
