import { createServiceTokenSigner, type ServiceTokenSigner } from '@emporium/auth';
import { sql } from '@emporium/postgres';
import { startApp, type TestAnswer, type TestApp, type TestDatabase, testDatabase } from '@emporium/testing';
import { afterAll, beforeAll } from 'vitest';
import { appModule } from '../src/app.module.ts';
import { loadConfig } from '../src/config.ts';
import { migrations } from '../src/migrations.ts';
import { claimsOf, newEmail, password } from './build-services.ts';

interface Call {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What a client does with the service: through its HTTP interface, with the tokens it really issues. */
export class UserApp {
  private running: TestApp | undefined;
  /** Keeps its token, as the gateway does: signing needs the threads that hash passwords. */
  private gateway: ServiceTokenSigner | undefined;

  constructor(readonly db: TestDatabase) {}

  get app(): TestApp {
    if (this.running === undefined) throw new Error('The service has not started.');
    return this.running;
  }

  async start(environment: Record<string, string>): Promise<void> {
    this.running = await startApp({
      name: 'user',
      module: appModule,
      config: loadConfig,
      environment: { DATABASE_URL: this.db.url, ...environment },
    });
    this.gateway = createServiceTokenSigner({ service: 'gateway', privateKey: this.app.keys.privateKeyOf('gateway') });
  }

  /** Nobody is signed in, unless an access token is given. */
  async call(method: string, path: string, { token, body, headers }: Call = {}): Promise<TestAnswer> {
    const serviceToken = await this.gateway?.tokenFor('user');
    const tokens = { 'x-service-token': serviceToken ?? '', ...(token && { authorization: `Bearer ${token}` }) };
    return this.app.request(method, path, { caller: null, body, headers: { ...tokens, ...headers } });
  }

  register(email = newEmail()): Promise<TestAnswer> {
    return this.call('POST', '/v1/auth/register', { body: { email, password, name: 'Grace' } });
  }

  login(email: string, word = password): Promise<TestAnswer> {
    return this.call('POST', '/v1/auth/login', { body: { email, password: word }, headers: { 'user-agent': 'spec' } });
  }

  refresh(refreshToken: string): Promise<TestAnswer> {
    return this.call('POST', '/v1/auth/refresh', { body: { refreshToken } });
  }

  /** A person with an account, a role and a session. */
  async person(role = 'customer') {
    const { body: user } = await this.register();
    await this.db.execute(sql`update accounts set role = ${role} where id = ${user.id}`);
    const { body: tokens } = await this.login(user.email);
    return { user, token: tokens.accessToken as string, tokens, sid: claimsOf(tokens.accessToken).sid };
  }
}

/** The whole service for one spec file. Call it inside `describe`. */
export function userApp(name: string, environment: Record<string, string> = {}): UserApp {
  const users = new UserApp(testDatabase(name, { migrations, jobs: true }));
  beforeAll(() => users.start(environment));
  afterAll(() => users.app.close());
  return users;
}
