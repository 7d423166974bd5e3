import { randomUUID } from 'node:crypto';
import type { TokensResponse, UserResponse } from '@emporium/contracts/user';
import { until } from '../schedule/pause.ts';
import { insist } from '../shop/insist.ts';
import type { Shop } from '../shop/shop.ts';
import type { Person } from './person.ts';

/** A person with a real account, who registered, and signs in with a password. */
export class Member implements Person {
  #tokens: TokensResponse | undefined;
  #renewAt = 0;

  private constructor(
    private readonly shop: Shop,
    readonly id: string,
    private readonly email: string,
    private readonly password: string,
  ) {}

  /** Throws when the platform does not take the registration: set up before the fault, not during it. */
  static async register(shop: Shop): Promise<Member> {
    const password = `a long enough password ${randomUUID()}`;
    const { id, email } = await insist<UserResponse>(shop, 201, () => {
      const body = { email: `${randomUUID()}@chaos.test`, password, name: 'A Member' };
      return { method: 'POST', path: '/v1/auth/register', body };
    });
    const member = new Member(shop, id, email, password);
    if ((await until(() => member.signIn(), { patienceMs: 10_000, everyMs: 1_000 })) === undefined) {
      throw new Error('A new member could not sign in.');
    }
    return member;
  }

  token(): string {
    return this.#tokens?.accessToken ?? '';
  }

  /** Whether the access token has some minutes left. */
  get isSignedIn(): boolean {
    return this.#tokens !== undefined && Date.now() < this.#renewAt;
  }

  async signIn(): Promise<boolean> {
    const { email, password } = this;
    return this.take({ action: 'sign-in', path: '/v1/auth/login', body: { email, password } });
  }

  /** A token whose answer was lost may be used again at once; one that is refused later means signing in again. */
  async refresh(): Promise<boolean> {
    const refreshToken = this.#tokens?.refreshToken ?? '';
    if (await this.take({ action: 'refresh', path: '/v1/auth/refresh', body: { refreshToken } })) return true;
    this.#renewAt = 0;
    return false;
  }

  /** Ends the session; the access token is left with the caller. */
  async signOut(): Promise<string> {
    const token = this.token();
    await this.shop.call({ action: 'sign-out', method: 'POST', path: '/v1/auth/logout', as: this }, { statuses: [204] });
    this.#tokens = undefined;
    return token;
  }

  private async take({ action, path, body }: { action: string; path: string; body: object }): Promise<boolean> {
    const answer = await this.shop.call<TokensResponse>({ action, method: 'POST', path, body }, { statuses: [200] });
    if (answer.body === undefined) return false;
    this.#tokens = answer.body;
    this.#renewAt = Date.now() + (answer.body.expiresIn - 120) * 1_000;
    return true;
  }
}
