import type { Experiment, Lab } from '../experiment.ts';
import { SERVICES } from '../platform.ts';

/** Who may reach whom inside the namespace: docs/calls.md. Everything else has to be closed. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  gateway: ['user:3002', 'product:3003', 'order:3004', 'payment:3005', 'redis:6379'],
  user: ['postgres:5432'],
  product: ['user:3002', 'postgres:5432', 'redis:6379'],
  order: ['user:3002', 'product:3003', 'payment:3005', 'postgres:5432', 'redis:6379'],
  payment: ['user:3002', 'postgres:5432', 'redis:6379', 'provider-simulator:3006'],
};
const TARGETS = [
  ...['gateway:8080', 'user:3002', 'product:3003', 'order:3004', 'payment:3005'],
  ...['postgres:5432', 'redis:6379', 'provider-simulator:3006', 'kubernetes.default.svc:443'],
];
const STRANGER = 'cluster-test-stranger';

// Each target: connect, or give up after two seconds.
const KNOCK = `
const { connect } = require('node:net');
const knock = (target) => new Promise((done) => {
  const [host, port] = target.split(':');
  const socket = connect({ host, port, timeout: 2000 });
  const end = (word) => { socket.destroy(); done(word); };
  socket.on('connect', () => end(target)).on('timeout', () => end('')).on('error', () => end(''));
});
Promise.all(process.argv.slice(1).map(knock)).then((open) => console.log(open.filter(Boolean).join(' ')));
`;

export const networkPolicy: Experiment = {
  id: 'network-policy',
  title: 'every pair that may speak can, and no other',
  run: async (lab) => {
    let tried = 0;
    for (const service of SERVICES) {
      const targets = TARGETS.filter((target) => !target.startsWith(`${service}:`));
      const open = await knockFrom(lab, ['exec', `deployment/${service}`, '--container=service', '--'], targets);
      tried += targets.length;
      compare(lab, service, targets, open, MAY[service] ?? []);
    }
    const outside = ['gateway:8080', 'order:3004', 'postgres:5432', 'gateway-management:9001'];
    tried += await tryStranger(lab, outside);
    lab.measure(`${tried} pairs tried, ${Object.values(MAY).flat().length + 1} of them open, the others closed`);
  },
};

/** Somebody in another namespace of the cluster: the door is open to him, nothing else is. */
async function tryStranger(lab: Lab, targets: readonly string[]): Promise<number> {
  const { kubectl } = lab;
  const [gatewayPod] = await lab.platform.pods('gateway');
  const addresses = targets.map((target) =>
    target.startsWith('gateway-management') ? `${gatewayPod?.status.podIP}:9001` : target.replace(':', '.emporium.svc:'),
  );
  const arguments_ = ['--image=emporium/stripe-simulator:dev', '--image-pull-policy=IfNotPresent', '--restart=Never'];
  const where = ['--namespace=default'];
  await kubectl.attempt(['delete', 'pod', STRANGER, ...where, '--ignore-not-found', '--wait=true']);
  try {
    await kubectl.run(['run', STRANGER, ...where, ...arguments_, '--', '-e', KNOCK, ...addresses]);
    await kubectl.run(['wait', `pod/${STRANGER}`, ...where, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s']);
    const open = (await kubectl.run(['logs', STRANGER, ...where])).trim().split(' ');
    compare(lab, 'a stranger', addresses, open, ['gateway.emporium.svc:8080']);
  } finally {
    await kubectl.attempt(['delete', 'pod', STRANGER, ...where, '--wait=false']);
  }
  return targets.length;
}

async function knockFrom({ kubectl }: Lab, exec: readonly string[], targets: readonly string[]): Promise<string[]> {
  return (await kubectl.run([...exec, '/usr/local/bin/node', '-e', KNOCK, ...targets])).trim().split(' ');
}

function compare(
  { wrong }: Lab,
  from: string,
  targets: readonly string[],
  open: readonly string[],
  may: readonly string[],
): void {
  for (const target of targets) {
    if (may.includes(target) && !open.includes(target)) wrong(`${from} cannot reach ${target}, and has to`);
    if (!may.includes(target) && open.includes(target)) wrong(`${from} reaches ${target}, and must not`);
  }
}
