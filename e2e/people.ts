import { inject } from 'vitest';
import { Provider } from './books.ts';
import { ShopClient } from './shop.client.ts';

/** Somebody who has not signed in. */
export const anyone = () => new ShopClient(inject('gatewayUrl'));

export const administrator = () => anyone().signIn('admin@emporium.test', 'emporium-admin-development');

export const provider = () => new Provider(inject('providerUrl'));
