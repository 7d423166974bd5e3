import { randomUUID } from 'node:crypto';
import type { SignerForVisitors } from './signer.ts';

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** As `loadtests/lib/world.ts` reads it. */
export interface World {
  readonly url: string;
  readonly catalogue: readonly string[];
  readonly goods: readonly string[];
  readonly sale: { readonly productId: string; readonly units: number };
  readonly accounts: readonly Account[];
  readonly administrator: Account;
  readonly signer?: SignerForVisitors;
}

/** What is needed of a shop. */
export interface FrontDoor {
  readonly url: string;
  as(token: string): FrontDoor;
  get<Body>(path: string): Promise<Body>;
  post<Body>(path: string, body: unknown): Promise<Body>;
}

export interface Furnishing {
  readonly shop: FrontDoor;
  readonly adminToken: string;
  readonly administrator: Account;
  readonly signer?: SignerForVisitors;
  /** Customers with passwords; each costs a hash. */
  readonly accounts: number;
}

const GOODS = 100;
/** The most that a product may begin with. */
const PLENTY = 1_000_000;
const SALE_UNITS = 200;
const CATALOGUE_PAGES = 3;
const AT_ONCE = 4;

/** Puts on sale what the visitors will buy, and registers those who sign in. */
export async function furnish({ shop, adminToken, administrator, signer, accounts }: Furnishing): Promise<World> {
  const admin = shop.as(adminToken);
  const category = await anyCategory(shop);
  const add = (units: number) => addProduct(admin, category, units);
  const catalogue = await catalogueOf(shop);
  const [saleId, ...goods] = await several(GOODS + 1, (index) => add(index === 0 ? SALE_UNITS : PLENTY));
  return {
    url: shop.url,
    catalogue: [...catalogue, ...goods],
    goods,
    sale: { productId: saleId ?? '', units: SALE_UNITS },
    accounts: await several(accounts, () => register(shop)),
    administrator,
    ...(signer !== undefined && { signer }),
  };
}

async function anyCategory(shop: FrontDoor): Promise<string> {
  const { items } = await shop.get<{ items: { slug: string }[] }>('/v1/categories');
  const slug = items[0]?.slug;
  if (slug === undefined) throw new Error('The shop has no categories.');
  return slug;
}

async function addProduct(admin: FrontDoor, category: string, units: number): Promise<string> {
  const sku = `LOAD-${randomUUID()}`;
  const { id } = await admin.post<{ id: string }>('/v1/products', {
    sku,
    name: `Piece ${sku.slice(-6)}`,
    description: 'Made by a load test.',
    category,
    price: { amount: 1_299, currency: 'EUR' },
    initialStock: units,
  });
  return id;
}

async function catalogueOf(shop: FrontDoor): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  for (let page = 0; page < CATALOGUE_PAGES && cursor !== null; page += 1) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer: { items: { id: string }[]; nextCursor: string | null } = await shop.get(`/v1/products?limit=100${query}`);
    ids.push(...answer.items.map(({ id }) => id));
    cursor = answer.nextCursor;
  }
  return ids;
}

async function register(shop: FrontDoor): Promise<Account> {
  const account = { email: `${randomUUID()}@load.test`, password: `a long enough password ${randomUUID()}` };
  await shop.post('/v1/auth/register', { ...account, name: 'A Visitor' });
  return account;
}

/** A few at a time: the load has not begun yet. */
async function several<Made>(count: number, make: (index: number) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let index = 0; index < count; index += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - index) }, (_, offset) => make(index + offset));
    made.push(...(await Promise.all(batch)));
  }
  return made;
}
