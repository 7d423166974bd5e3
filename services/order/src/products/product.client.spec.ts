import { AppError } from '@emporium/errors';
import type { HttpClient } from '@emporium/http-client';
import { describe, expect, it, vi } from 'vitest';
import { ProductClient } from './product.client.ts';

const price = { amount: 100, currency: 'EUR' };
const wanted = (...ids: string[]) => ids.map((productId) => ({ productId, quantity: 1 }));
const lineOf = (item: { productId: string; quantity: number }) => ({ ...item, name: 'Lamp', unitPrice: price });

/** A catalogue that loses the named products, one more with every question. */
function catalogue(...leaving: string[]) {
  const gone = new Set<string>();
  const post = vi.fn(async (_path: string, { items }: { items: { productId: string; quantity: number }[] }) => {
    const next = leaving.shift();
    if (next !== undefined) gone.add(next);
    const errors = items.flatMap(({ productId }, index) =>
      gone.has(productId) ? [{ field: `items.${index}.productId`, message: 'is not on sale' }] : [],
    );
    if (errors.length > 0) throw new AppError('invalid', 'invalid-request', 'No.', { errors });
    return { lines: items.map(lineOf) };
  });
  return { client: new ProductClient({ post } as unknown as HttpClient), post };
}

const refusing = (error: unknown) =>
  new ProductClient({ post: () => Promise.reject(error) } as unknown as HttpClient).quote(wanted('a'));

describe('a quote', () => {
  it('has the lines of everything wanted', async () => {
    const { client, post } = catalogue();

    expect(await client.quote(wanted('a', 'b'))).toEqual({ lines: wanted('a', 'b').map(lineOf), gone: [] });
    expect(post).toHaveBeenCalledWith('/internal/quotes', { items: wanted('a', 'b') }, expect.anything(), { idempotent: true });
  });

  it('names what is not on sale instead', async () => {
    expect(await catalogue('b').client.quote(wanted('a', 'b'))).toEqual({ lines: [], gone: ['b'] });
  });

  it('of what is available goes on without what is gone, also when more leaves between two questions', async () => {
    const { client, post } = catalogue('b', 'c');

    expect(await client.quoteAvailable(wanted('a', 'b', 'c'))).toEqual({ lines: wanted('a').map(lineOf), gone: ['b', 'c'] });
    expect(post).toHaveBeenCalledTimes(3);
  });

  it('of nothing asks nobody', async () => {
    const { client, post } = catalogue();

    expect(await client.quoteAvailable([])).toEqual({ lines: [], gone: [] });
    expect(await catalogue('a').client.quoteAvailable(wanted('a'))).toEqual({ lines: [], gone: ['a'] });
    expect(post).not.toHaveBeenCalled();
  });

  it.each([
    new AppError('unavailable', 'product-unavailable', 'Not now.'),
    new AppError('invalid', 'invalid-request', 'No.'),
    new AppError('invalid', 'invalid-request', 'No.', { errors: [{ field: 'items', message: 'Too big' }] }),
    new AppError('invalid', 'invalid-request', 'No.', { errors: [{ field: 'items.7.productId', message: 'is not on sale' }] }),
    new Error('a bug'),
  ])('that fails for another reason fails (%s)', async (error) => {
    await expect(refusing(error)).rejects.toBe(error);
  });
});

describe('a reservation', () => {
  it('is made by order id, without prices, and every step may be repeated', async () => {
    const [put, post] = [vi.fn(async () => ({})), vi.fn(async () => ({}))];
    const client = new ProductClient({ put, post } as unknown as HttpClient);

    await client.reserve('o1', wanted('a').map(lineOf));
    await client.commit('o1');
    await client.release('o1');
    await client.putBack('o1');

    expect(put).toHaveBeenCalledWith('/internal/reservations/o1', { items: wanted('a') }, expect.anything());
    for (const step of ['commit', 'release', 'return']) {
      expect(post).toHaveBeenCalledWith(`/internal/reservations/o1/${step}`, {}, expect.anything(), { idempotent: true });
    }
  });

  it('that was forgotten long ago cannot be put back, which ends the matter; any other refusal does not', async () => {
    const refusal = (code: string) => new AppError('conflict', code, 'No.');
    const post = vi.fn().mockRejectedValueOnce(refusal('reservation-unknown')).mockRejectedValue(refusal('reservation-reserved'));
    const client = new ProductClient({ post } as unknown as HttpClient);

    await client.putBack('o1');

    await expect(client.putBack('o1')).rejects.toMatchObject({ code: 'reservation-reserved' });
  });
});
