import { randomUUID } from 'node:crypto';
import type { UserResponse } from '@emporium/contracts/user';
import { inject } from 'vitest';
import { Provider } from './books.ts';
import { ShopClient } from './shop.client.ts';

/** Somebody who has not signed in. */
export const anyone = () => new ShopClient(inject('gatewayUrl'));

export const administrator = () => anyone().signIn('admin@emporium.test', 'emporium-admin-development');

/** Somebody whom an administrator gave a role, signed in with it. */
export async function newEmployee(role: 'support' | 'admin'): Promise<ShopClient> {
  const person = { email: `${randomUUID()}@staff.test`, password: `a long enough password ${randomUUID()}`, name: 'A Colleague' };
  const { id } = (await anyone().post<UserResponse>('/v1/auth/register', person)).body;
  await (await administrator()).call('PATCH', `/v1/admin/users/${id}`, { body: { role } });
  return anyone().signIn(person.email, person.password);
}

export const provider = () => new Provider(inject('providerUrl'));
