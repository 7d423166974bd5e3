import { randomUUID } from 'node:crypto';
import type { Page } from '@emporium/contracts';
import type { CategoryResponse, ProductResponse } from '@emporium/contracts/product';
import { beforeAll, describe, expect, it } from 'vitest';
import { administrator, anyone } from './people.ts';
import { expectProblem } from './problem.ts';
import { get } from './raw.request.ts';
import type { ShopClient } from './shop.client.ts';

const list = async (query: string) => (await anyone().get<Page<ProductResponse>>(`/v1/products?${query}`)).body;

async function readToTheEnd(query: string): Promise<ProductResponse[]> {
  const all: ProductResponse[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Page<ProductResponse> = await list(`${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

describe('the catalogue', () => {
  let categories: CategoryResponse[];

  beforeAll(async () => {
    categories = (await anyone().get<Page<CategoryResponse>>('/v1/categories')).body.items;
  });

  it('has 12 categories and at least 1,000 products', () => {
    expect(categories).toHaveLength(12);
    expect(categories.reduce((sum, { productCount }) => sum + productCount, 0)).toBeGreaterThanOrEqual(1_000);
    for (const category of categories) expect(category).toMatchObject({ slug: expect.any(String), name: expect.any(String) });
  });

  it('shows a product in the shape of the contract, the same in the list and alone', async () => {
    const [product] = (await list('limit=1')).items;
    const alone = await anyone().get<ProductResponse>(`/v1/products/${product?.id}`);

    expect(alone.status).toBe(200);
    expect(alone.body).toEqual(product);
    expect(alone.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      sku: expect.any(String),
      name: expect.any(String),
      description: expect.any(String),
      category: expect.any(String),
      price: { amount: expect.any(Number), currency: 'EUR' },
      available: expect.any(Number),
      imageUrl: expect.any(String),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      version: expect.any(Number),
    });
    expectProblem(await anyone().get(`/v1/products/${randomUUID()}`), 404);
  });

  it.each(['newest', 'price', '-price', 'popular'])('sorted by %s shows each product of a category once', async (sort) => {
    const { slug, productCount } = categories[0] ?? { slug: '', productCount: 0 };

    const all = await readToTheEnd(`category=${slug}&sort=${sort}&limit=7`);

    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(productCount);
    expect(new Set(all.map(({ category }) => category))).toEqual(new Set([slug]));
    const prices = all.map(({ price }) => price.amount);
    if (sort === 'price') expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    if (sort === '-price') expect(prices).toEqual(prices.toSorted((a, b) => b - a));
    const times = all.map(({ createdAt }) => createdAt);
    if (sort === 'newest') expect(times).toEqual(times.toSorted().reverse());
  });

  it('read to the end shows everything exactly once', async () => {
    const all = await readToTheEnd('limit=100');

    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(1_000);
  });

  it('holds 20 products on a page unless another limit is asked for', async () => {
    expect((await list('')).items).toHaveLength(20);
    expect((await list('limit=1')).items).toHaveLength(1);
    expect((await list('limit=100')).items).toHaveLength(100);
  });

  it('filters by price, both ends included, and by category together', async () => {
    const slug = categories[1]?.slug;
    const prices = (await readToTheEnd(`category=${slug}&sort=price&limit=100`)).map(({ price }) => price.amount);
    const [min = 0, max = 0] = [prices[5], prices[20]];

    const some = await readToTheEnd(`category=${slug}&minPrice=${min}&maxPrice=${max}&limit=100`);

    expect(some.map(({ price }) => price.amount).sort()).toEqual(prices.filter((each) => each >= min && each <= max).sort());
    expect(await readToTheEnd(`minPrice=${max}&maxPrice=${min - 1}`)).toEqual([]);
    expect(await readToTheEnd('category=no-such-category')).toEqual([]);
  });

  it('finds a product by its words, also in another case, in part and with a typo', async () => {
    const [product] = (await list(`category=${categories[2]?.slug}&limit=1`)).items;
    const word = (product?.name ?? '').split(/\W+/).toSorted((a, b) => b.length - a.length)[0] ?? '';
    const typo = `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}`;

    for (const q of [word, word.toUpperCase(), typo]) {
      const found = await list(`q=${encodeURIComponent(q)}&limit=100`);
      expect(
        found.items.some(({ name, description }) => `${name} ${description}`.includes(word)),
        q,
      ).toBe(true);
    }
    expect((await list('q=qzxvjkwpqzxvjkwp')).items).toEqual([]);
  });

  it('answers 304 to whoever has the answer already', async () => {
    const [product] = (await list('limit=1')).items;
    for (const path of [`/v1/products/${product?.id}`, '/v1/products?limit=3', '/v1/categories', product?.imageUrl ?? '']) {
      const etag = (await get(path)).headers.etag ?? '';
      expect(etag, path).toMatch(/^(W\/)?".+"$/);

      const known = await get(path, { 'if-none-match': etag });
      const weak = await get(path, { 'if-none-match': `"other", W/${etag}` });
      const other = await get(path, { 'if-none-match': '"other"' });

      expect([known.status, known.text, known.headers.etag]).toEqual([304, '', etag]);
      expect([weak.status, other.status]).toEqual([304, 200]);
    }
  });

  it('draws every product', async () => {
    const [product] = (await list('limit=1')).items;
    const picture = await get(product?.imageUrl ?? '');

    expect(picture.status).toBe(200);
    expect(picture.headers['content-type']).toMatch(/^image\/svg\+xml/);
    expect(picture.text).toMatch(/^<svg[\s>].*<\/svg>\s*$/s);
    expect(picture.text).not.toMatch(/<script|onload|javascript:/i);
    expectProblem(await get(`/v1/products/${randomUUID()}/image.svg`), 404);
  });
});

describe('what an administrator changes', () => {
  let admin: ShopClient;
  const within2s = { timeout: 2_000, interval: 50 };

  beforeAll(async () => {
    admin = await administrator();
  });

  it('is what everybody sees within two seconds: price, stock and withdrawal', async () => {
    const product = await admin.newProduct(3, 1000);
    const path = `/v1/products/${product.id}`;
    const inList = async () => {
      const { items } = await list(`q=${encodeURIComponent(product.sku)}&limit=100`);
      return [...items, ...(await list('sort=newest&limit=100')).items].find(({ id }) => id === product.id);
    };
    await anyone().get(path);
    expect((await inList())?.price.amount).toBe(1000);

    await admin.call('PATCH', path, { body: { price: { amount: 2000, currency: 'EUR' } } });
    await expect.poll(async () => (await anyone().get<ProductResponse>(path)).body.price.amount, within2s).toBe(2000);
    await expect.poll(async () => (await inList())?.price.amount, within2s).toBe(2000);

    await (await anyone().newCustomer()).buy([{ productId: product.id, quantity: 2 }]);
    await expect.poll(async () => (await anyone().get<ProductResponse>(path)).body.available, within2s).toBe(1);

    await admin.call('DELETE', path);
    await expect.poll(async () => (await anyone().get(path)).status, within2s).toBe(404);
    await expect.poll(inList, within2s).toBeUndefined();
  });
});
