import { until } from '../schedule/pause.ts';
import { Customer } from '../shop/customer.ts';
import type { Shop } from '../shop/shop.ts';
import { Member } from './member.ts';
import type { Mint, Person } from './person.ts';

const MEMBERS = 4;
// Access tokens live for ten minutes.
const YOUNG_MS = 240_000;

/** Everybody who visits one platform. */
export class People {
  readonly admin: Person;
  /** A customer who owns nothing. */
  readonly stranger: Person;
  readonly #free: Customer[] = [];
  readonly #members: Member[] = [];
  #leaver: Member | undefined;
  #leftAt = 0;
  #revoked: Person | undefined;

  constructor(
    private readonly shop: Shop,
    private readonly mint: Mint,
  ) {
    this.admin = mint('admin');
    this.stranger = mint();
  }

  /** Members with accounts, one of whom has signed out and is known to be refused. Takes a second. */
  async open(signal?: AbortSignal): Promise<void> {
    for (let count = 0; count < MEMBERS; count += 1) this.#members.push(await Member.register(this.shop));
    this.#leaver = await Member.register(this.shop);
    await this.renew(signal);
  }

  /** Ends another session, unless the token of the last one is still young: an expired one would be refused anyway. */
  async renew(signal?: AbortSignal): Promise<void> {
    if (this.#leaver === undefined || Date.now() - this.#leftAt < YOUNG_MS) return;
    if (!this.#leaver.isSignedIn) await this.#leaver.signIn();
    const token = await this.#leaver.signOut();
    this.#revoked = { id: this.#leaver.id, token: () => token };
    const orders = { action: 'setup', method: 'GET', path: '/v1/orders', as: this.#revoked };
    const isRefused = async () => (await this.shop.call(orders, { statuses: [200, 401] })).status === 401;
    const refused = await until(isRefused, { patienceMs: 5_000, signal });
    if (refused === undefined) throw new Error('A session that has ended is not refused after five seconds.');
    this.#leftAt = Date.now();
  }

  /** A customer whom nobody else moves; a new one if all are busy. */
  borrow(): Customer {
    return this.#free.pop() ?? this.customer();
  }

  giveBack(customer: Customer): void {
    this.#free.unshift(customer);
  }

  /** A new customer, in nobody else's hands. */
  customer(): Customer {
    return new Customer(this.shop, this.mint());
  }

  /** One with an account, or undefined while all are busy. */
  borrowMember(): Member | undefined {
    return this.#members.pop();
  }

  giveMemberBack(member: Member): void {
    this.#members.unshift(member);
  }

  /** Whose session has ended: his token opens nothing any more. */
  get revoked(): Person {
    if (this.#revoked === undefined) throw new Error('Nobody has signed out.');
    return this.#revoked;
  }
}
