import { base64url, decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { generateAccessKey, generateServiceKeys, readPrivateKey } from './keys.ts';
import { createServiceTokenSigner } from './service-token.signer.ts';
import { createServiceTokenVerifier } from './service-token.verifier.ts';

const { privateKeys, publicKeys } = generateServiceKeys(['gateway', 'order', 'payment']);
const keyOf = (service: string) => privateKeys[service] ?? '';
const order = createServiceTokenSigner({ service: 'order', privateKey: keyOf('order') });
const payment = createServiceTokenVerifier({ service: 'payment', publicKeys });
/** The algorithm itself was refused, before any key was looked at. */
const refusedByAlgorithm = expect.objectContaining({
  code: 'invalid-service-token',
  cause: expect.objectContaining({ code: 'ERR_JOSE_ALG_NOT_ALLOWED' }),
});
const refused = expect.objectContaining({ kind: 'unauthenticated', code: 'invalid-service-token' });

/** A token signed with order's true key, with one thing wrong. */
function forge({ header = {}, payload = {} }: { header?: Record<string, unknown>; payload?: JWTPayload }): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ scope: '', iss: 'order', aud: 'payment', iat: now, exp: now + 60, ...payload })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'order', typ: 'svc+jwt', ...header })
    .sign(readPrivateKey(keyOf('order'), 'EdDSA'));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a service token', () => {
  it('names the caller and the scope', async () => {
    expect(await payment.verify(await order.tokenFor('payment', 'refund'))).toEqual({ caller: 'order', scope: 'refund' });
    expect(await payment.verify(await order.tokenFor('payment'))).toEqual({ caller: 'order', scope: '' });
  });

  it('lives for a minute and is signed again before it ends', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
    const first = await order.tokenFor('product');

    vi.setSystemTime(1_800_000_039_000);
    const kept = await order.tokenFor('product');
    vi.setSystemTime(1_800_000_040_000);
    const renewed = await order.tokenFor('product');

    const { iat = 0, exp = 0 } = decodeJwt(first);
    expect(exp - iat).toBe(60);
    expect(kept).toBe(first);
    expect(renewed).not.toBe(first);
  });

  it('is another one for every audience and scope', async () => {
    const tokens = await Promise.all([order.tokenFor('a'), order.tokenFor('b'), order.tokenFor('a', 'x'), order.tokenFor('a')]);

    expect(new Set(tokens).size).toBe(3);
  });

  it('is remembered, but not beyond its end', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const token = await order.tokenFor('payment', 'remembered');
    await payment.verify(token);
    expect(await payment.verify(token)).toEqual({ caller: 'order', scope: 'remembered' });

    vi.setSystemTime(Date.now() + 66_000);

    await expect(payment.verify(token)).rejects.toEqual(refused);
  });
});

describe('a service token is refused', () => {
  const now = () => Math.floor(Date.now() / 1000);

  it('by everybody but its audience', async () => {
    const product = createServiceTokenVerifier({ service: 'product', publicKeys });

    await expect(product.verify(await order.tokenFor('payment'))).rejects.toEqual(refused);
  });

  it('when a service speaks as another, in either way', async () => {
    await expect(payment.verify(await forge({ payload: { iss: 'gateway' } }))).rejects.toEqual(refused);
    await expect(payment.verify(await forge({ header: { kid: 'gateway' } }))).rejects.toEqual(refused);
    await expect(payment.verify(await forge({ header: { kid: 'gateway' }, payload: { iss: 'gateway' } }))).rejects.toEqual(
      refused,
    );
  });

  it('when it is signed by nobody, or by HS256 with the public key for a secret', async () => {
    const token = await order.tokenFor('payment');
    const header = base64url.encode(JSON.stringify({ ...decodeProtectedHeader(token), alg: 'none' }));
    const publicKey = JSON.parse(publicKeys).keys[1].x;
    const symmetric = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: 'HS256', kid: 'order', typ: 'svc+jwt' })
      .sign(base64url.decode(publicKey));

    await expect(payment.verify(`${header}.${token.split('.')[1]}.`)).rejects.toEqual(refusedByAlgorithm);
    await expect(payment.verify(symmetric)).rejects.toEqual(refusedByAlgorithm);
  });

  it.each<[string, () => { header?: Record<string, unknown>; payload?: JWTPayload }]>([
    ['has expired', () => ({ payload: { iat: now() - 60, exp: now() - 6 } })],
    ['never expires', () => ({ payload: { exp: undefined } })],
    ['was given an hour by its signer', () => ({ payload: { iat: now() - 120, exp: now() + 3_600 } })],
    ['is for nobody', () => ({ payload: { aud: undefined } })],
    ['has no moment of issue', () => ({ payload: { iat: undefined } })],
    ['has no scope', () => ({ payload: { scope: undefined } })],
    ['names no issuer', () => ({ payload: { iss: undefined } })],
    ['names no key', () => ({ header: { kid: undefined } })],
    ['names a key nobody knows', () => ({ header: { kid: 'stranger' }, payload: { iss: 'stranger' } })],
    ['is a user token', () => ({ header: { typ: 'at+jwt' } })],
  ])('when it %s', async (_name, wrong) => {
    await expect(payment.verify(await forge({}))).resolves.toEqual({ caller: 'order', scope: '' });

    await expect(payment.verify(await forge(wrong()))).rejects.toEqual(refused);
  });

  it.each(['', 'abc', 'a.b.c', 'x'.repeat(100_000)])('when it is no token at all (%#)', async (text) => {
    await expect(payment.verify(text)).rejects.toEqual(refused);
  });
});

describe('the keys of service tokens', () => {
  it('stop the start when they are unusable, without being quoted', () => {
    const start = (keys: string) => () => createServiceTokenVerifier({ service: 'payment', publicKeys: keys });

    expect(() => createServiceTokenSigner({ service: 'order', privateKey: generateAccessKey() })).toThrow('not one for EdDSA');
    expect(start('{"hunter2')).toThrow(/^The service key set is not a JSON key set\.$/);
    expect(start('{"keys":"hunter2"}')).toThrow('not a JSON key set');
    expect(start('{"keys":[]}')).toThrow('holds no Ed25519 key');
    expect(start(`{"keys":[${keyOf('order')}]}`)).toThrow('holds no Ed25519 key');
  });
});
