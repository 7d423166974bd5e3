import { freePorts, type PortUse } from './ports.ts';

export const SERVICES = ['gateway', 'user', 'product', 'order', 'payment'] as const;
export type ServiceName = (typeof SERVICES)[number];

export type PortName = ServiceName | `${ServiceName}Management` | 'simulator' | 'postgres' | 'redis';
export type Ports = Readonly<Record<PortName, number>>;

export const DEFAULT_PORTS: Ports = {
  gateway: 8080,
  user: 3002,
  product: 3003,
  order: 3004,
  payment: 3005,
  simulator: 3006,
  gatewayManagement: 9001,
  userManagement: 9002,
  productManagement: 9003,
  orderManagement: 9004,
  paymentManagement: 9005,
  postgres: 54329,
  redis: 63799,
};

const SETTINGS: Partial<Record<PortName, string>> = {
  gateway: 'GATEWAY_PORT',
  postgres: 'DATABASE_URL (a server of your own)',
  redis: 'REDIS_URL (a server of your own)',
  simulator: 'PAYMENT_PROVIDER_URL (a provider of your own)',
};

/** A port for everything, none of them in use now. */
export async function freePlatformPorts(): Promise<Ports> {
  const names = Object.keys(DEFAULT_PORTS) as PortName[];
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Record<PortName, number>;
}

/** Who needs which port, in words for messages; `without` are the parts that are not started here. */
export function portUses(ports: Ports, without: readonly PortName[]): PortUse[] {
  const names = (Object.keys(ports) as PortName[]).filter((name) => !without.includes(name));
  return names.map((name) => ({ port: ports[name], who: whoNeeds(name), setting: SETTINGS[name] }));
}

function whoNeeds(name: PortName): string {
  if (name === 'postgres') return 'PostgreSQL';
  if (name === 'redis') return 'Redis';
  if (name === 'simulator') return 'the payment simulator';
  if (name === 'gateway') return 'the gateway';
  const [service = name, management] = name.split('Management');
  return management === undefined ? `the ${service} service` : `the management side of ${service}`;
}
