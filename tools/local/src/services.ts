import { join, resolve } from 'node:path';
import { answersWith } from './http-probe.ts';
import type { Keys } from './keys.ts';
import { HOST } from './ports.ts';
import { type Ports, SERVICES, type ServiceName } from './ports-of-platform.ts';
import type { ProcessSpec } from './process-spec.ts';

/** Everything a service's environment is made from. */
export interface Surroundings {
  readonly root: string;
  readonly dataFolder: string;
  readonly ports: Ports;
  readonly keys: Keys;
  /** What the person set; the runner's own choices win where they must agree with each other. */
  readonly environment: NodeJS.ProcessEnv;
  readonly redisUrl: string;
  readonly paymentProviderUrl: string;
  /** Address of the service's own database as its application role; none for the gateway. */
  readonly databaseUrl: (service: ServiceName) => string | undefined;
}

// Development values; they protect nothing and are known to the simulator.
const PROVIDER_KEY = 'sk_test_development';
/** What the shop wants to hear, as one tells Stripe when one registers the address. */
const WEBHOOK_EVENTS = [
  ...['payment_intent.succeeded', 'payment_intent.payment_failed'],
  ...['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated'],
];
const WEBHOOK_SECRET = 'whsec_development';

export function urlsOf(ports: Ports): Readonly<Record<ServiceName, string>> {
  return Object.fromEntries(SERVICES.map((name) => [name, `http://${HOST}:${ports[name]}`])) as Record<ServiceName, string>;
}

/** As in deploy/docker/service.Dockerfile, where the reason stands. */
const YOUNG_SPACE = '--max-semi-space-size=8';

export function serviceSpec(name: ServiceName, surroundings: Surroundings): ProcessSpec {
  const { root, ports } = surroundings;
  return {
    name,
    command: process.execPath,
    // The whole path, so that a list of processes tells the services apart.
    args: [YOUNG_SPACE, '--import', '@emporium/telemetry/register', join(root, 'services', name, 'dist/main.js')],
    cwd: join(root, 'services', name),
    env: serviceEnvironment(name, surroundings),
    isReady: () => answersWith(`http://${HOST}:${ports[name]}/ready`, 200),
  };
}

export function serviceEnvironment(name: ServiceName, surroundings: Surroundings): NodeJS.ProcessEnv {
  const { root, ports, keys, environment, redisUrl, paymentProviderUrl, databaseUrl } = surroundings;
  const urls = urlsOf(ports);
  const database = databaseUrl(name);
  const isPayment = name === 'payment';
  return {
    NODE_ENV: 'development',
    ...handedOn(environment),
    OTEL_SERVICE_NAME: name,
    // The services run in folders of their own.
    ...(environment.SETTINGS_FILE ? { SETTINGS_FILE: resolve(root, environment.SETTINGS_FILE) } : {}),
    HOST,
    PORT: String(ports[name]),
    MANAGEMENT_PORT: String(ports[`${name}Management`]),
    ...(database === undefined ? {} : { DATABASE_URL: database }),
    REDIS_URL: redisUrl,
    USER_SERVICE_URL: urls.user,
    PRODUCT_SERVICE_URL: urls.product,
    ORDER_SERVICE_URL: urls.order,
    PAYMENT_SERVICE_URL: urls.payment,
    SERVICE_TOKEN_KEY: keys.serviceKeys[name],
    SERVICE_TOKEN_PUBLIC_KEYS: keys.servicePublicKeys,
    ...(name === 'user' ? { JWT_PRIVATE_KEY: environment.JWT_PRIVATE_KEY || keys.accessKey } : {}),
    ...(isPayment ? { PAYMENT_PROVIDER_URL: paymentProviderUrl } : {}),
    ...(isPayment ? { PAYMENT_PROVIDER_KEY: environment.PAYMENT_PROVIDER_KEY || PROVIDER_KEY } : {}),
    ...(isPayment ? { PAYMENT_WEBHOOK_SECRET: environment.PAYMENT_WEBHOOK_SECRET || WEBHOOK_SECRET } : {}),
  };
}

export function simulatorSpec({ root, dataFolder, ports, environment }: Surroundings): ProcessSpec {
  return {
    name: 'simulator',
    command: process.execPath,
    args: [join(root, 'tools/stripe-simulator/dist/main.js')],
    cwd: join(root, 'tools/stripe-simulator'),
    env: {
      ...handedOn(environment),
      HOST,
      PORT: String(ports.simulator),
      WEBHOOK_URL: `${urlsOf(ports).gateway}/v1/webhooks/stripe`,
      WEBHOOK_EVENTS: WEBHOOK_EVENTS.join(),
      WEBHOOK_SECRET: environment.PAYMENT_WEBHOOK_SECRET || WEBHOOK_SECRET,
      SIMULATOR_DATA_FILE: join(dataFolder, 'payment-provider.jsonl'),
    },
    isReady: () => answersWith(`http://${HOST}:${ports.simulator}/`),
  };
}

// Each process gets only its own of these, never what happens to stand in the shell.
const OWN = new Set([
  ...['PORT', 'HOST', 'MANAGEMENT_PORT', 'DATABASE_URL', 'DATABASE_REPLICA_URL', 'REDIS_URL'],
  ...['JWT_PRIVATE_KEY', 'SERVICE_TOKEN_KEY', 'SERVICE_TOKEN_PUBLIC_KEYS', 'WEBHOOK_URL', 'WEBHOOK_SECRET', 'WEBHOOK_EVENTS'],
  ...['PAYMENT_PROVIDER_URL', 'PAYMENT_PROVIDER_KEY', 'PAYMENT_WEBHOOK_SECRET', 'SEED_ADMIN_PASSWORD', 'SEED_CUSTOMER_PASSWORD'],
]);

/** What stands in the person's environment and is meant for services: not npm's own variables, not the runner's. */
export function handedOn(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isForServices = (name: string) =>
    !OWN.has(name) && !/^(npm_|INIT_CWD$|EMPORIUM_|GATEWAY_PORT$|VITEST|NODE_V8_COVERAGE$)/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name, value]) => isForServices(name) && value !== ''));
}
