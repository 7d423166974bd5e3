import { connect } from 'node:net';
import { startApp, type TestApp, type TestKeys, testKeys } from '@emporium/testing';
import { appModule } from '../src/app.module.ts';
import { loadConfig } from '../src/config.ts';
import type { UpstreamName } from '../src/routing/routes.ts';
import { answerAsUsual, type FakeService, fakeService } from './fake-service.ts';

export interface Call {
  /** Signs a token for this user; without it nobody is signed in. */
  as?: { sub?: string; role?: 'customer' | 'support' | 'admin'; sid?: string };
  token?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Answered {
  status: number;
  headers: Headers;
  bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: specs look into answers of every shape
  body: any;
}

/** A gateway in this process, in front of four fakes. */
export class GatewayWorld {
  private constructor(
    readonly app: TestApp,
    readonly keys: TestKeys,
    readonly services: Readonly<Record<UpstreamName, FakeService>>,
  ) {}

  /** `prepare` changes the fakes before the gateway sees them. */
  static async start(
    environment: NodeJS.ProcessEnv,
    prepare: (services: GatewayWorld['services']) => void = () => undefined,
  ): Promise<GatewayWorld> {
    const keys = testKeys();
    const [user, product, order, payment] = await Promise.all([
      fakeService('user'),
      fakeService('product'),
      fakeService('order'),
      fakeService('payment'),
    ]);
    user.own.set('/.well-known/jwks.json', await keys.jwks());
    user.own.set('/internal/revocations', { items: [], next: 0 });
    prepare({ user, product, order, payment });
    const app = await startApp({
      name: 'gateway',
      module: appModule,
      config: loadConfig,
      keys,
      environment: {
        USER_SERVICE_URL: user.url,
        PRODUCT_SERVICE_URL: product.url,
        ORDER_SERVICE_URL: order.url,
        PAYMENT_SERVICE_URL: payment.url,
        ...environment,
      },
    });
    return new GatewayWorld(app, keys, { user, product, order, payment });
  }

  /** Services answer as usual again, and have heard nothing yet. */
  reset(): void {
    for (const service of Object.values(this.services)) {
      service.calls.length = 0;
      service.ready = true;
      service.behave(answerAsUsual(service.name));
    }
  }

  async call(method: string, path: string, { as, token, headers, body }: Call = {}): Promise<Answered> {
    const bearer = token ?? (as && (await this.keys.userToken(as)));
    const response = await fetch(`${this.app.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes, body: parsed(bytes) };
  }

  /** Sends bytes as they are, for what no decent client would send; the whole answer as text. */
  raw(request: string | Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.app.url);
      const socket = connect(Number(port), hostname, () => socket.write(request));
      let text = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
  }

  async close(): Promise<void> {
    await this.app.close();
    await Promise.all(Object.values(this.services).map((service) => service.close()));
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // Not JSON: the spec sees the text itself.
    return bytes.toString();
  }
}
