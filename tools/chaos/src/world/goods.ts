import { randomUUID } from 'node:crypto';
import type { Person } from '../people/person.ts';
import type { Shop } from '../shop/shop.ts';

/** What the suite has put on sale. */
export class Goods {
  /** Units supplied, by product. */
  readonly put = new Map<string, number>();
  #category: string | undefined;

  constructor(
    private readonly shop: Shop,
    private readonly admin: Person,
  ) {}

  /** A new product with so many units. Throws when the platform does not take it: set up before the fault, not during it. */
  async add(units: number, price = 1_299): Promise<string> {
    this.#category ??= await this.anyCategory();
    const sku = `CHAOS-${randomUUID()}`;
    const { body, status } = await this.shop.call<{ id: string }>(
      {
        action: 'setup',
        method: 'POST',
        path: '/v1/products',
        as: this.admin,
        body: {
          sku,
          name: `Piece ${sku.slice(-6)}`,
          description: 'Made by the fault suite.',
          category: this.#category,
          price: { amount: price, currency: 'EUR' },
          initialStock: units,
        },
      },
      { statuses: [201] },
    );
    if (body === undefined) throw new Error(`The shop took no product: ${status}.`);
    this.put.set(body.id, units);
    return body.id;
  }

  /** Some of the seeded catalogue, to browse. */
  async catalogue(count = 100): Promise<string[]> {
    const { body } = await this.shop.call<{ items: { id: string }[] }>(
      { action: 'setup', method: 'GET', path: `/v1/products?limit=${count}` },
      { statuses: [200] },
    );
    return body?.items.map(({ id }) => id) ?? [];
  }

  private async anyCategory(): Promise<string> {
    const { body } = await this.shop.call<{ items: { slug: string }[] }>(
      { action: 'setup', method: 'GET', path: '/v1/categories' },
      { statuses: [200] },
    );
    const slug = body?.items[0]?.slug;
    if (slug === undefined) throw new Error('The shop has no categories.');
    return slug;
  }
}
