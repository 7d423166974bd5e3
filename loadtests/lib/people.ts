import type { Account } from '../journeys/journey.ts';
import { send } from './shop.ts';
import { mint, type Role } from './tokens.ts';
import { world } from './world.ts';

interface Person {
  token: string;
  renewAt: number;
}

/** Customers of one virtual user: k6 gives each its own copy of this, and it does one thing at a time, so nobody's cart is shared. */
const CUSTOMERS = 20;
const RENEW_MS = 480_000;

const customers: (Person | undefined)[] = Array.from({ length: CUSTOMERS });
let turn = 0;
let staff: Person | undefined;

/** The token of the next customer; renewed before it ends. */
export async function customerToken(): Promise<string> {
  turn = (turn + 1) % CUSTOMERS;
  const known = customers[turn];
  if (known !== undefined && Date.now() < known.renewAt) return known.token;
  const { accounts, signer } = world();
  const account = accounts[(__VU * CUSTOMERS + turn) % accounts.length];
  const person = await arrive('customer', account);
  // Sign-ins cost a password hash each: on a platform that we cannot sign for, a virtual user is one customer.
  if (signer === undefined) customers.fill(person);
  else customers[turn] = person;
  return person.token;
}

export async function adminToken(): Promise<string> {
  if (staff === undefined || Date.now() > staff.renewAt) staff = await arrive('admin', world().administrator);
  return staff.token;
}

async function arrive(role: Role, account: Account | undefined): Promise<Person> {
  const { signer } = world();
  return { token: signer === undefined ? signedIn(account) : await mint(signer, role), renewAt: Date.now() + RENEW_MS };
}

function signedIn(account: Account | undefined): string {
  const { status, body } = send({ route: '/v1/auth/login', method: 'POST', body: account, isRead: true });
  const token = body?.accessToken;
  if (typeof token !== 'string') throw new Error(`Signing in as ${account?.email} was answered ${status}.`);
  return token;
}
