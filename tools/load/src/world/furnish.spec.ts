import { describe, expect, it } from 'vitest';
import { type FrontDoor, furnish } from './furnish.ts';

interface Asked {
  readonly path: string;
  readonly token: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A shop with two pages of products, which remembers what was put into it. */
function emptyShop(token?: string, posts: Asked[] = []): { door: FrontDoor; posts: Asked[] } {
  const answers: Record<string, unknown> = {
    '/v1/categories': { items: [{ slug: 'books' }] },
    '/v1/products?limit=100': { items: [{ id: 'first' }], nextCursor: 'a/b' },
    '/v1/products?limit=100&cursor=a%2Fb': { items: [{ id: 'second' }], nextCursor: null },
  };
  const door: FrontDoor = {
    url: 'http://127.0.0.1:1',
    as: (other) => emptyShop(other, posts).door,
    get: async <Body>(path: string) => answers[path] as Body,
    post: async <Body>(path: string, body: unknown) => {
      posts.push({ path, token, body: body as Asked['body'] });
      return { id: `made-${posts.length}` } as Body;
    },
  };
  return { door, posts };
}

const administrator = { email: 'admin@load.test', password: 'a long enough password' };

describe('a shop before the visitors come', () => {
  it('has goods for everybody, a few pieces on sale, and its own catalogue to look at', async () => {
    const { door, posts } = emptyShop();

    const world = await furnish({ shop: door, adminToken: 'admin', administrator, accounts: 3 });

    expect(world.goods).toHaveLength(100);
    expect(world.catalogue.slice(0, 2)).toEqual(['first', 'second']);
    expect(world.goods).not.toContain(world.sale.productId);
    const made = posts.filter(({ path }) => path === '/v1/products');
    expect(made.map(({ body }) => body.initialStock)).toEqual([200, ...world.goods.map(() => 1_000_000)]);
    expect(new Set(made.map(({ token }) => token))).toEqual(new Set(['admin']));
  });

  it('knows those who sign in, and no key that was not given', async () => {
    const { door, posts } = emptyShop();

    const world = await furnish({ shop: door, adminToken: 'admin', administrator, accounts: 3 });

    const registered = posts.filter(({ path }) => path === '/v1/auth/register');
    expect(registered.map(({ body }) => body.email)).toEqual(world.accounts.map(({ email }) => email));
    expect(new Set(world.accounts.map(({ password }) => password)).size).toBe(3);
    expect(world).not.toHaveProperty('signer');
  });

  it('without categories is no shop to be put under load', async () => {
    const { door } = emptyShop();
    const shop = { ...door, get: async <Body>() => ({ items: [] }) as Body };

    await expect(furnish({ shop, adminToken: 'admin', administrator, accounts: 0 })).rejects.toThrow('no categories');
  });
});
