import type { UserResponse } from '@emporium/contracts/user';
import type { Member } from '../people/member.ts';
import type { Scenario, Scene } from './scenarios.ts';

const asMember = (visit: (member: Member, scene: Scene) => Promise<void>) => async (scene: Scene) => {
  const member = scene.people.borrowMember();
  if (member === undefined) return;
  if (member.isSignedIn || (await member.signIn())) await visit(member, scene);
  scene.people.giveMemberBack(member);
};

const adminGet = (action: string, pathOf: (scene: Scene) => string): Scenario['run'] => {
  return async (scene) => {
    const { shop, people } = scene;
    await shop.call({ action, method: 'GET', path: pathOf(scene), as: people.admin }, { statuses: [200] });
  };
};

export const accountScenarios: readonly Scenario[] = [
  {
    name: 'account',
    weight: 4,
    run: asMember(async (member, { shop }) => {
      const me = { action: 'account', method: 'GET', path: '/v1/users/me', as: member };
      const { body } = await shop.call<UserResponse>(me, { statuses: [200] });
      if (body !== undefined && body.id !== member.id) {
        shop.recorder.chapter.breaches.push({ rule: 'no-foreign-data', text: `account: ${member.id} was shown ${body.id}` });
      }
    }),
  },
  {
    name: 'sessions',
    weight: 1,
    run: asMember(async (member, { shop }) => {
      await shop.call({ action: 'sessions', method: 'GET', path: '/v1/users/me/sessions', as: member }, { statuses: [200] });
    }),
  },
  // A password costs tens of milliseconds of a core.
  { name: 'sign-in', weight: 0.5, run: asMember(async (member) => void (await member.signIn())) },
  { name: 'refresh', weight: 1, run: asMember(async (member) => void (await member.refresh())) },
  { name: 'admin-orders', weight: 1, run: adminGet('admin-orders', () => '/v1/admin/orders?limit=20') },
  { name: 'admin-payments', weight: 0.5, run: adminGet('admin-payments', () => '/v1/admin/payments?limit=20') },
  { name: 'admin-ledger', weight: 0.5, run: adminGet('admin-ledger', () => '/v1/admin/ledger?limit=20') },
  {
    name: 'admin-inventory',
    weight: 1,
    run: adminGet('admin-inventory', ({ random, products }) => `/v1/admin/products/${random.pick(products)}/inventory`),
  },
];
