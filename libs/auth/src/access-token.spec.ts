import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { base64url, decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAccessTokenSigner } from './access-token.signer.ts';
import { bearerToken, createAccessTokenVerifier } from './access-token.verifier.ts';
import { generateAccessKey, readPrivateKey } from './keys.ts';

const issuer = 'https://emporium.example';
const audience = 'emporium';
const claims = { sub: 'user-1', role: 'customer', sid: 'session-1' } as const;
const privateKey = generateAccessKey();
const signer = createAccessTokenSigner({ privateKey, issuer, audience, lifetimeSeconds: 600 });
const verifierOf = (options: Partial<Parameters<typeof createAccessTokenVerifier>[0]> = {}) =>
  createAccessTokenVerifier({ issuer, audience, keys: () => signer.jwks(), ...options });
/** The algorithm itself was refused, before any key was looked at. */
const refusedByAlgorithm = expect.objectContaining({
  code: 'invalid-token',
  cause: expect.objectContaining({ code: 'ERR_JOSE_ALG_NOT_ALLOWED' }),
});
const refused = expect.objectContaining({ kind: 'unauthenticated', code: 'invalid-token' });

/** A token signed with the true key, with one thing wrong. */
async function forge({ header = {}, payload = {} }: { header?: Record<string, unknown>; payload?: JWTPayload }): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { kid } = decodeProtectedHeader(await signer.sign(claims));
  return new SignJWT({ role: 'customer', sid: 's', sub: 'u', iss: issuer, aud: audience, iat: now, exp: now + 60, ...payload })
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt', ...header })
    .sign(readPrivateKey(privateKey, 'ES256'));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('an access token', () => {
  it('says who its bearer is, to whoever has the public keys', async () => {
    const now = Math.floor(Date.now() / 1000);

    const verified = await verifierOf().verify(await signer.sign(claims));

    expect(verified).toEqual({ ...claims, iat: expect.any(Number), exp: verified.iat + 600 });
    expect(verified.iat - now).toBeLessThan(5);
  });

  it('names its key, issuer and audience, and holds nothing else about the user', async () => {
    const token = await signer.sign(claims);
    const { keys } = await signer.jwks();

    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: keys[0]?.kid, typ: 'at+jwt' });
    expect(Object.keys(decodeJwt(token)).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'role', 'sid', 'sub']);
  });

  it('is published with public keys only, under an id that changes with the key', async () => {
    const other = createAccessTokenSigner({ privateKey: generateAccessKey(), issuer, audience, lifetimeSeconds: 1 });
    const [ours] = (await signer.jwks()).keys;
    const [theirs] = (await other.jwks()).keys;

    expect(ours).toEqual({
      kty: 'EC',
      crv: 'P-256',
      x: expect.any(String),
      y: expect.any(String),
      kid: ours?.kid,
      alg: 'ES256',
      use: 'sig',
    });
    expect(ours?.kid).not.toBe(theirs?.kid);
  });

  it('stays good after its key was replaced, as long as the old public one is published', async () => {
    const previousKeys = await signer.jwks();
    const next = createAccessTokenSigner({
      privateKey: generateAccessKey(),
      issuer,
      audience,
      lifetimeSeconds: 600,
      previousKeys,
    });
    const verifier = verifierOf({ keys: () => next.jwks() });

    expect(await verifier.verify(await signer.sign(claims))).toMatchObject(claims);
    expect(await verifier.verify(await next.sign(claims))).toMatchObject(claims);
  });

  it.each([0, 901, 1.5, Number.NaN])('cannot live for %d seconds', (lifetimeSeconds) => {
    expect(() => createAccessTokenSigner({ privateKey, issuer, audience, lifetimeSeconds })).toThrow('1 to 900 seconds');
  });

  it('cannot be made with a key that is none', () => {
    expect(() => createAccessTokenSigner({ privateKey: 'hunter2', issuer, audience, lifetimeSeconds: 600 })).toThrow(
      'private key',
    );
  });
});

describe('a forged access token is refused', () => {
  const now = () => Math.floor(Date.now() / 1000);

  it('when it is signed by nobody (alg none)', async () => {
    const token = await signer.sign(claims);
    const [, payload] = token.split('.');
    const header = base64url.encode(JSON.stringify({ ...decodeProtectedHeader(token), alg: 'none' }));

    await expect(verifierOf().verify(`${header}.${payload}.`)).rejects.toEqual(refusedByAlgorithm);
  });

  it('when it is signed by HS256 with the public key for a secret', async () => {
    const token = await signer.sign(claims);
    const header = base64url.encode(JSON.stringify({ ...decodeProtectedHeader(token), alg: 'HS256' }));
    const content = `${header}.${token.split('.')[1]}`;
    const publicKey = createPublicKey(readPrivateKey(privateKey, 'ES256'));
    const secrets = [publicKey.export({ type: 'spki', format: 'pem' }), JSON.stringify((await signer.jwks()).keys[0])];

    for (const secret of secrets) {
      const signature = createHmac('sha256', secret).update(content).digest('base64url');
      await expect(verifierOf().verify(`${content}.${signature}`)).rejects.toEqual(refusedByAlgorithm);
    }
  });

  it('when it is signed by another key under the true key id', async () => {
    const { kid } = decodeProtectedHeader(await signer.sign(claims));
    const token = await new SignJWT({ ...claims, iss: issuer, aud: audience, iat: now(), exp: now() + 60 })
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
      .sign(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);

    await expect(verifierOf().verify(token)).rejects.toEqual(refused);
  });

  it('when it brings its own key along', async () => {
    const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = thief.publicKey.export({ format: 'jwk' });
    const token = await new SignJWT({ ...claims, iss: issuer, aud: audience, iat: now(), exp: now() + 60 })
      .setProtectedHeader({ alg: 'ES256', kid: 'mine', jwk, typ: 'at+jwt' })
      .sign(thief.privateKey);

    await expect(verifierOf().verify(token)).rejects.toEqual(refused);
  });

  it('when a letter of it was changed', async () => {
    const [header, , signature] = (await signer.sign(claims)).split('.');
    const payload = base64url.encode(JSON.stringify({ ...decodeJwt(await signer.sign(claims)), role: 'admin' }));

    await expect(verifierOf().verify(`${header}.${payload}.${signature}`)).rejects.toEqual(refused);
  });

  it.each<[string, () => { header?: Record<string, unknown>; payload?: JWTPayload }]>([
    ['has expired', () => ({ payload: { exp: now() - 6 } })],
    ['never expires', () => ({ payload: { exp: undefined } })],
    ['is not good yet', () => ({ payload: { nbf: now() + 60 } })],
    ['is for somebody else', () => ({ payload: { aud: 'another-shop' } })],
    ['is for nobody', () => ({ payload: { aud: undefined } })],
    ['comes from somebody else', () => ({ payload: { iss: 'https://evil.example' } })],
    ['has no subject', () => ({ payload: { sub: undefined } })],
    ['has an empty subject', () => ({ payload: { sub: '' } })],
    ['has no session', () => ({ payload: { sid: undefined } })],
    ['has no moment of issue', () => ({ payload: { iat: undefined } })],
    ['has a role nobody knows', () => ({ payload: { role: 'root' } })],
    ['names no key', () => ({ header: { kid: undefined } })],
    ['is another kind of token', () => ({ header: { typ: 'svc+jwt' } })],
    ['does not say what kind it is', () => ({ header: { typ: undefined } })],
  ])('when it %s', async (_name, wrong) => {
    await expect(verifierOf().verify(await forge({}))).resolves.toMatchObject({ sub: 'u' });

    await expect(verifierOf().verify(await forge(wrong()))).rejects.toEqual(refused);
  });

  it.each(['', 'abc', 'a.b.c', '....', `${'x'.repeat(5_000)}.y.z`, 'null'])('when it is no token at all (%#)', async (text) => {
    await expect(verifierOf().verify(text)).rejects.toEqual(refused);
  });

  it('with the same words whatever was wrong, and the reason only for the log', async () => {
    const expired = await verifierOf()
      .verify(await forge({ payload: { exp: now() - 60 } }))
      .catch((error) => error);
    const foreign = await verifierOf()
      .verify(await forge({ payload: { aud: 'x' } }))
      .catch((error) => error);

    expect(expired.message).toBe(foreign.message);
    expect([expired.cause.code, foreign.cause.code]).toEqual(['ERR_JWT_EXPIRED', 'ERR_JWT_CLAIM_VALIDATION_FAILED']);
  });
});

describe('a verified token', () => {
  it('is remembered, but not beyond its end', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const verifier = verifierOf();
    const token = await signer.sign(claims);
    const first = await verifier.verify(token);
    expect(await verifier.verify(token)).toBe(first);

    vi.setSystemTime(first.exp * 1000 + 6_000);

    await expect(verifier.verify(token)).rejects.toEqual(refused);
  });

  it('is forgotten when others take its place', async () => {
    const verifier = verifierOf({ cacheSize: 2 });
    const [one, two, three] = await Promise.all(['a', 'b', 'c'].map((sid) => signer.sign({ ...claims, sid })));
    const first = await verifier.verify(String(one));

    await verifier.verify(String(two));
    await verifier.verify(String(three));

    expect(await verifier.verify(String(one))).not.toBe(first);
  });

  it('is refused once its key was withdrawn', async () => {
    const next = createAccessTokenSigner({ privateKey: generateAccessKey(), issuer, audience, lifetimeSeconds: 600 });
    let keys = await signer.jwks();
    const verifier = verifierOf({ keys: async () => keys, refreshMs: 0, unknownKeyMs: 0 });
    const token = await signer.sign(claims);
    await verifier.verify(token);

    keys = await next.jwks();

    await expect.poll(() => verifier.verify(token).catch((error) => error.code)).toBe('invalid-token');
  });
});

describe('keys that are fetched before any token comes', () => {
  it('are asked for until they are there, and then serve without their issuer', async () => {
    const keys = vi.fn(() => signer.jwks());
    keys.mockRejectedValueOnce(new Error('down'));
    const verifier = verifierOf({ keys });

    await verifier.warmUp(new AbortController().signal);
    keys.mockRejectedValue(new Error('down again'));

    await expect(verifier.verify(await signer.sign(claims))).resolves.toMatchObject({ sub: claims.sub });
    expect(keys).toHaveBeenCalledTimes(2);
  });

  it('are not asked for any more when nobody wants them', async () => {
    const stop = new AbortController();
    const verifier = verifierOf({ keys: () => Promise.reject(new Error('down')) });

    const warming = verifier.warmUp(stop.signal);
    stop.abort();

    await expect(warming).resolves.toBeUndefined();
  });
});

describe('the Authorization header', () => {
  it.each([
    ['Bearer abc.def-_~+/1==', 'abc.def-_~+/1=='],
    ['bearer abc', 'abc'],
    ['Basic abc', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Bearer a b', undefined],
    ['Bearer a,Bearer b', undefined],
    [undefined, undefined],
  ])('%j holds the token %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});
