import { describe, expect, it } from 'vitest';
import { DEFAULT_PORTS, portUses, SERVICES } from './ports-of-platform.ts';
import { handedOn, type Surroundings, serviceEnvironment, serviceSpec, simulatorSpec, urlsOf } from './services.ts';

const surroundings: Surroundings = {
  root: '/shop',
  dataFolder: '/data',
  ports: DEFAULT_PORTS,
  keys: {
    accessKey: 'access',
    serviceKeys: Object.fromEntries(SERVICES.map((name) => [name, `key of ${name}`])),
    servicePublicKeys: 'public',
    rolePassword: 'secret',
  },
  environment: {
    PATH: '/bin',
    SEED_ADMIN_PASSWORD: 'x',
    npm_lifecycle_event: 'start',
    RATE_LIMIT_PERCENT: '500',
    PORT: '1',
    EMPTY: '',
  },
  redisUrl: 'redis://127.0.0.1:63799',
  paymentProviderUrl: 'http://127.0.0.1:3006',
  databaseUrl: (service) => (service === 'gateway' ? undefined : `postgres://${service}`),
};

describe('the environment of a service', () => {
  it('has its own port, database and key, and the address of everybody', () => {
    expect(serviceEnvironment('order', surroundings)).toMatchObject({
      NODE_ENV: 'development',
      OTEL_SERVICE_NAME: 'order',
      HOST: '127.0.0.1',
      PORT: '3004',
      MANAGEMENT_PORT: '9004',
      DATABASE_URL: 'postgres://order',
      REDIS_URL: 'redis://127.0.0.1:63799',
      USER_SERVICE_URL: 'http://127.0.0.1:3002',
      PRODUCT_SERVICE_URL: 'http://127.0.0.1:3003',
      PAYMENT_SERVICE_URL: 'http://127.0.0.1:3005',
      SERVICE_TOKEN_KEY: 'key of order',
      SERVICE_TOKEN_PUBLIC_KEYS: 'public',
    });
  });

  it('gives the gateway no database', () => {
    expect(serviceEnvironment('gateway', surroundings)).not.toHaveProperty('DATABASE_URL');
  });

  it('shows each secret to its owner alone', () => {
    const holders = (name: string) => SERVICES.filter((service) => name in serviceEnvironment(service, surroundings));

    expect(holders('JWT_PRIVATE_KEY')).toEqual(['user']);
    expect(holders('PAYMENT_PROVIDER_KEY')).toEqual(['payment']);
    expect(holders('PAYMENT_WEBHOOK_SECRET')).toEqual(['payment']);
    expect(holders('SEED_ADMIN_PASSWORD')).toEqual([]);
  });

  it("hands on other settings, but not the shell's own port nor what npm adds", () => {
    const environment = serviceEnvironment('user', surroundings);

    expect(environment).toMatchObject({ RATE_LIMIT_PERCENT: '500', PATH: '/bin', PORT: '3002' });
    expect(environment).not.toHaveProperty('npm_lifecycle_event');
    expect(environment).not.toHaveProperty('EMPTY');
  });

  it('has the file of settings by a path that holds from its own folder', () => {
    const given = (SETTINGS_FILE: string) =>
      serviceEnvironment('order', { ...surroundings, environment: { SETTINGS_FILE } }).SETTINGS_FILE;

    expect([given('my/settings.json'), given('/etc/settings.json')]).toEqual(['/shop/my/settings.json', '/etc/settings.json']);
    expect(serviceEnvironment('order', surroundings)).not.toHaveProperty('SETTINGS_FILE');
  });

  it('prefers the keys that the person gives', () => {
    const given = {
      ...surroundings,
      environment: { PAYMENT_PROVIDER_KEY: 'sk_mine', PAYMENT_WEBHOOK_SECRET: 'whsec_mine', JWT_PRIVATE_KEY: 'pem' },
    };

    expect(serviceEnvironment('payment', given)).toMatchObject({
      PAYMENT_PROVIDER_KEY: 'sk_mine',
      PAYMENT_WEBHOOK_SECRET: 'whsec_mine',
    });
    expect(serviceEnvironment('user', given)).toMatchObject({ JWT_PRIVATE_KEY: 'pem' });
    expect(simulatorSpec(given).env).toMatchObject({ WEBHOOK_SECRET: 'whsec_mine' });
  });

  it.each(['GATEWAY_PORT', 'EMPORIUM_DATA_DIR', 'VITEST_POOL_ID', 'NODE_V8_COVERAGE', 'INIT_CWD'])('never has %s', (name) => {
    expect(handedOn({ [name]: 'x' })).toEqual({});
  });
});

describe('the processes', () => {
  it('start with telemetry in place, from their own folder, and are told apart by their command lines', () => {
    expect(serviceSpec('payment', surroundings)).toMatchObject({
      name: 'payment',
      args: ['--max-semi-space-size=8', '--import', '@emporium/telemetry/register', '/shop/services/payment/dist/main.js'],
      cwd: '/shop/services/payment',
    });
  });

  it('of the simulator send webhooks to the gateway, signed as the payment service expects', () => {
    const { env } = simulatorSpec(surroundings);

    expect(env).toMatchObject({ PORT: '3006', WEBHOOK_URL: `${urlsOf(DEFAULT_PORTS).gateway}/v1/webhooks/stripe` });
    expect(env.WEBHOOK_SECRET).toBe(serviceEnvironment('payment', surroundings).PAYMENT_WEBHOOK_SECRET);
  });

  it('of the simulator keep their books beside the databases', () => {
    expect(simulatorSpec(surroundings).env).toMatchObject({ SIMULATOR_DATA_FILE: '/data/payment-provider.jsonl' });
  });
});

describe('the ports', () => {
  it('are all different', () => {
    expect(new Set(Object.values(DEFAULT_PORTS)).size).toBe(Object.values(DEFAULT_PORTS).length);
  });

  it('are named by who needs them, without the parts that are replaced', () => {
    const who = portUses(DEFAULT_PORTS, ['redis', 'simulator']).map((use) => use.who);

    expect(who).toHaveLength(11);
    expect(who).toEqual(
      expect.arrayContaining(['the gateway', 'the order service', 'the management side of order', 'PostgreSQL']),
    );
    expect(who).not.toContain('Redis');
    expect(portUses(DEFAULT_PORTS, []).map((use) => use.who)).toEqual(expect.arrayContaining(['Redis', 'the payment simulator']));
  });
});
