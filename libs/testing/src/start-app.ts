import { createApp, type RunningService, type ServiceConfig } from '@emporium/service-defaults';
import type { DynamicModule, Type } from '@nestjs/common';
import { type FakeHttp, fakeHttp } from './fake-http.ts';
import { type TestKeys, testKeys } from './test-keys.ts';

/** A service to run in the process of a spec. */
export interface StartAppOptions<Config extends ServiceConfig> {
  name: string;
  /** The root module, as `main.ts` makes it: `appModule`. */
  module: (config: Config) => Type | DynamicModule;
  /** The service's own `loadConfig`. */
  config: (environment: NodeJS.ProcessEnv) => Config;
  /** Variables beside ports and keys: DATABASE_URL, REDIS_URL, addresses of fakes. They win over what this makes. */
  environment?: NodeJS.ProcessEnv;
  /** Keys of another app of the same spec, so that the two can call each other. */
  keys?: TestKeys;
}

/** Who makes a request, and what is in it. */
export interface TestRequest {
  /** Signs a token for this user. Without it nobody is signed in. */
  as?: { sub?: string; role?: 'customer' | 'support' | 'admin'; sid?: string };
  /** The calling service; default `gateway`. null sends no service token. */
  caller?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

/** An answer, read whole. `body` is parsed JSON, or the text when it is none. */
export interface TestAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: specs look into answers of every shape
  body: any;
}

/** A running service, and the tokens that open it. */
export interface TestApp {
  url: string;
  managementUrl: string;
  service: RunningService;
  keys: TestKeys;
  tokens: {
    user(sub?: string, role?: 'customer' | 'support' | 'admin'): Promise<string>;
    service(caller: string): Promise<string>;
  };
  /** A provider of the service. */
  get<T>(token: (abstract new (...args: never[]) => T) | symbol): T;
  /** Calls the service over HTTP: `app.request('POST', '/v1/orders', { as: { sub }, body })`. */
  request(method: string, path: string, request?: TestRequest): Promise<TestAnswer>;
  /** Ends it as SIGTERM would, without ending the process. */
  close(): Promise<void>;
}

/** Starts a whole service on free ports with keys of its own. The key set of the user service is served by a fake. */
export async function startApp<Config extends ServiceConfig>(options: StartAppOptions<Config>): Promise<TestApp> {
  const { name, keys = testKeys() } = options;
  const userService = await fakeHttp({ 'GET /.well-known/jwks.json': async () => ({ body: await keys.jwks() }) });
  try {
    return await start(options, keys, userService);
  } catch (error) {
    await userService.close();
    throw error instanceof Error ? error : new Error(`${name} did not start.`, { cause: error });
  }
}

async function start<Config extends ServiceConfig>(
  { name, module, config: load, environment }: StartAppOptions<Config>,
  keys: TestKeys,
  userService: FakeHttp,
): Promise<TestApp> {
  const config = load({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    LOG_LEVEL: 'error',
    // A spec shares its event loop with what it tests: how late that is says nothing about the service.
    LOOP_DELAY_MAX_MS: '60000',
    USER_SERVICE_URL: userService.url,
    SERVICE_TOKEN_KEY: keys.privateKeyOf(name),
    SERVICE_TOKEN_PUBLIC_KEYS: keys.publicKeys,
    JWT_PRIVATE_KEY: keys.accessKey,
    ...environment,
  });
  const service = await createApp({ name, module: module(config), config });
  const { url, managementUrl } = await service.listen();
  const serviceToken = (caller: string) => keys.serviceToken(caller, name);

  return {
    url,
    managementUrl,
    service,
    keys,
    tokens: { user: (sub, role) => keys.userToken({ sub, role }), service: serviceToken },
    get: <T>(token: (abstract new (...args: never[]) => T) | symbol) => service.app.get<T>(token as Type<T>, { strict: false }),
    request: async (method, path, { as, caller = 'gateway', body, headers } = {}) => {
      const response = await fetch(new URL(path, url), {
        method,
        redirect: 'manual',
        headers: {
          ...(caller !== null && { 'x-service-token': await serviceToken(caller) }),
          ...(as !== undefined && { authorization: `Bearer ${await keys.userToken(as)}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: parse(await response.text()) };
    },
    close: async () => {
      const clean = await service.lifecycle.stop('end of the spec');
      await userService.close();
      if (!clean) throw new Error(`${name} did not stop cleanly; its log says why.`);
    },
  };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the spec sees the text itself.
    return text;
  }
}
