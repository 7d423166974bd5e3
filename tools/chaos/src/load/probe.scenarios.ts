import { randomUUID } from 'node:crypto';
import type { Person } from '../people/person.ts';
import type { ShopCall } from '../shop/shop.ts';
import type { Scenario, Scene } from './scenarios.ts';

/** Asks for what the asker has no right to. Anything but that one refusal, or no service at all, is a right granted by a fault. */
const probe = (status: number, callOf: (scene: Scene) => Omit<ShopCall, 'action'> | undefined, name: string): Scenario => ({
  name,
  weight: 0.7,
  run: async (scene) => {
    const call = callOf(scene);
    if (call !== undefined) await scene.shop.call({ ...call, action: name }, { statuses: [status], closed: true });
  },
});

const forged: Person = {
  id: randomUUID(),
  // Well formed, of the right type, signed by nobody we know.
  token: () =>
    'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6Im5vYm9keSJ9.eyJzdWIiOiI2YzFhN2Y1ZS0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDAiLCJyb2xlIjoiYWRtaW4iLCJleHAiOjQxMDI0NDQ4MDB9.' +
    'A'.repeat(86),
};

/** An order of somebody else, once there is one. */
const foreignOrder = ({ shop, random }: Scene): string | undefined => {
  const orders = shop.recorder.chapter.purchases.filter(({ state }) => state === 'accepted');
  return orders.length === 0 ? undefined : random.pick(orders).orderId;
};

const orderCall = (scene: Scene, method: string, tail = ''): Omit<ShopCall, 'action'> | undefined => {
  const id = foreignOrder(scene);
  const stranger = scene.people.stranger;
  return id === undefined
    ? undefined
    : { method, path: `/v1/orders/${id}${tail}`, as: stranger, key: method === 'POST' ? randomUUID() : undefined };
};

export const probeScenarios: readonly Scenario[] = [
  probe(401, () => ({ method: 'GET', path: '/v1/orders' }), 'probe-anonymous'),
  probe(401, ({ people }) => ({ method: 'GET', path: '/v1/orders', as: people.revoked }), 'probe-revoked'),
  probe(401, () => ({ method: 'GET', path: '/v1/admin/orders', as: forged }), 'probe-forged'),
  probe(403, ({ people }) => ({ method: 'GET', path: '/v1/admin/orders', as: people.stranger }), 'probe-customer-as-admin'),
  probe(404, (scene) => orderCall(scene, 'GET'), 'probe-foreign-order'),
  probe(404, (scene) => orderCall(scene, 'POST', '/cancel'), 'probe-foreign-cancel'),
];
