import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { buildServices, newEmail, outcomes, password, times } from '../../test/build-services.ts';
import { migrations } from '../migrations.ts';
import { mostAddresses } from './address.ts';

const home = { name: 'Grace', line1: 'Elm Street 1', line2: undefined, city: 'Arlington', postalCode: '22201', country: 'US' };

describe('addresses', () => {
  const db = testDatabase('addresses', { migrations });
  const { accounts, addresses } = buildServices(db);

  it('never exceed their number, however many are added at once', async () => {
    const { id: accountId } = await accounts.register({ email: newEmail(), password, name: 'Grace' });
    for (let count = 0; count < mostAddresses - 5; count += 1) await addresses.add(accountId, home);

    const results = await outcomes(times(20, () => addresses.add(accountId, home)));

    expect(results.filter((result) => result === 'done')).toHaveLength(5);
    expect(results.filter((result) => result === 'too-many-addresses')).toHaveLength(15);
    expect(await addresses.list({ accountId, limit: 1_000 })).toHaveLength(mostAddresses);
  });

  it('belong to one person', async () => {
    const [mine, other] = await Promise.all(times(2, () => accounts.register({ email: newEmail(), password, name: 'Grace' })));
    const address = await addresses.add(mine?.id ?? '', { ...home, line2: 'Back door' });

    await expect(addresses.delete(other?.id ?? '', address.id)).rejects.toMatchObject({ code: 'address-not-found' });
    expect(await addresses.list({ accountId: other?.id ?? '', limit: 10 })).toEqual([]);
    expect(await addresses.list({ accountId: mine?.id ?? '', limit: 10 })).toEqual([address]);
  });

  it('need an account', async () => {
    const add = addresses.add('00000000-0000-4000-8000-000000000000', home);

    await expect(add).rejects.toMatchObject({ code: 'account-not-found' });
  });
});
