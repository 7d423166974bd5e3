import { randomUUID } from 'node:crypto';
import type { ProductResponse } from '@emporium/contracts/product';
import type { UserResponse } from '@emporium/contracts/user';
import { tokensOf } from './customers.ts';
import { callShop } from './shop-client.ts';

const CUSTOMERS = 64;
const MEMBERS = 8;
const GOODS = 20;
const UNITS = 1_000_000;

export interface Member {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

/** Who and what the scenarios need. */
export interface Scene {
  /** Access tokens of customers. */
  readonly customers: readonly string[];
  /** With accounts and passwords. */
  readonly members: readonly Member[];
  /** Access tokens of the members. */
  readonly memberTokens: readonly string[];
  readonly admin: string;
  /** Products with more units than anybody will buy. */
  readonly goods: readonly string[];
  /** The seeded products, all of them. */
  readonly catalogue: readonly string[];
}

export async function setScene(url: string, dataDir: string): Promise<Scene> {
  const token = tokensOf(dataDir);
  const admin = await token({ role: 'admin' });
  const [customers, members, goods] = await Promise.all([
    Promise.all(Array.from({ length: CUSTOMERS }, () => token())),
    Promise.all(Array.from({ length: MEMBERS }, () => register(url))),
    Promise.all(Array.from({ length: GOODS }, () => addProduct(url, admin))),
  ]);
  const memberTokens = await Promise.all(members.map(({ id }) => token({ id })));
  return { customers, members, memberTokens, admin, goods, catalogue: await allProducts(url) };
}

async function register(url: string): Promise<Member> {
  const member = { email: `${randomUUID()}@bench.test`, password: `a long enough password ${randomUUID()}` };
  const body = { ...member, name: 'A Member' };
  const { id } = await callShop<UserResponse>(`${url}/v1/auth/register`, { method: 'POST', body });
  return { id, ...member };
}

async function addProduct(url: string, token: string): Promise<string> {
  const { items } = await callShop<{ items: { slug: string }[] }>(`${url}/v1/categories`);
  const sku = `BENCH-${randomUUID()}`;
  const body = {
    sku,
    name: `Piece ${sku.slice(-6)}`,
    description: 'Made by the bench.',
    category: items[0]?.slug,
    price: { amount: 1_299, currency: 'EUR' },
    initialStock: UNITS,
  };
  return (await callShop<ProductResponse>(`${url}/v1/products`, { method: 'POST', token, body })).id;
}

async function allProducts(url: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined; ) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: { id: string }[]; nextCursor: string | null } = await callShop(`${url}/v1/products?limit=100${from}`);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return ids;
}
