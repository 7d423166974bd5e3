import { describe, expect, it } from 'vitest';
import { namesReplica, readersIn } from './replica-reads.ts';
import { filesOf, textOf } from './repository.ts';

// Nothing about stock, money, sign-in, keys, or what a customer has just written belongs here: docs/architecture.md says of each why it may be old.
const READ_FROM_REPLICA = {
  'services/order/src/orders/order.repository.ts': ['listAll'],
  'services/product/src/catalog/category.repository.ts': ['list'],
  'services/product/src/catalog/listing.repository.ts': ['list', 'lowerLikeness'],
  'services/product/src/products/product.repository.ts': ['find'],
};
const WITH_REPLICA = [
  'services/order/src/orders/order.service.ts',
  'services/product/src/catalog/catalog.service.ts',
  'services/product/src/products/product.service.ts',
];

const sources = filesOf(['services/*/src/**/*.ts']).filter((file) => !file.endsWith('.spec.ts'));
const repositories = sources.filter((file) => file.endsWith('.repository.ts'));

describe('reads from a replica', () => {
  it('are looked for in all services', () => {
    expect(repositories.length).toBeGreaterThan(20);
    expect(sources.length).toBeGreaterThan(200);
  });

  it('are those of the table, and no others', () => {
    const found = repositories
      .map((file) => [file, readersIn(textOf(file))] as const)
      .filter(([, methods]) => methods.length > 0);

    expect(Object.fromEntries(found)).toEqual(READ_FROM_REPLICA);
  });

  it('begin in the services that may have one', () => {
    expect(sources.filter((file) => namesReplica(textOf(file)))).toEqual(WITH_REPLICA);
    expect(sources.filter((file) => textOf(file).includes('replicaConfig()'))).toEqual([
      'services/order/src/config.ts',
      'services/product/src/config.ts',
    ]);
  });
});

describe('a method that can be given a replica', () => {
  it('is known by what it asks for', () => {
    const text = [
      '  async stale(db: Reader, id: string) {',
      '  fresh(db: Queryable) {',
      '  private async long(\n    db: Reader,\n  ) {',
      '  write(tx: Transaction) {',
    ].join('\n');

    expect(readersIn(text)).toEqual(['stale', 'long']);
    expect([namesReplica('const from: ReadSource = replica'), namesReplica('replicas')]).toEqual([true, false]);
  });
});
