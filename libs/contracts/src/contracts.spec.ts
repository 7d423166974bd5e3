import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as common from './index.ts';
import * as order from './order/index.ts';
import * as payment from './payment/index.ts';
import * as product from './product/index.ts';
import * as user from './user/index.ts';

const owners = { common, order, payment, product, user };
const schemas = Object.entries(owners).flatMap(([owner, exports]) =>
  Object.entries(exports).flatMap(([name, value]) => (value instanceof z.ZodType ? [[`${owner}/${name}`, value] as const] : [])),
);
const requests = schemas.filter(([name, schema]) => name.endsWith('Request') && schema instanceof z.ZodObject);
const events = Object.values(owners).flatMap((exports) =>
  Object.values(exports).filter(
    (value): value is common.EventContract => typeof value === 'object' && value !== null && 'type' in value && 'schema' in value,
  ),
);

describe('the contracts', () => {
  it('are many, so that the following checks see something', () => {
    expect(schemas.length).toBeGreaterThan(50);
    expect(requests.length).toBeGreaterThan(14);
    expect(events).toHaveLength(4);
  });

  it.each(schemas)('%s can be described in OpenAPI', (_, schema) => {
    for (const io of ['input', 'output'] as const)
      expect(() => z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' })).not.toThrow();
  });

  it.each(requests)('%s refuses a field it does not know, and what is no object', (_, schema) => {
    const { error } = schema.safeParse({ surprise: 1, isAdmin: true });

    expect(error?.issues).toContainEqual(expect.objectContaining({ code: 'unrecognized_keys', keys: ['surprise', 'isAdmin'] }));
    for (const value of [null, undefined, [], 'x', 1]) expect(schema.safeParse(value).success).toBe(false);
  });

  it.each(events.map((event) => [event.type, event] as const))('%s names its owner, a fact and a version', (type, { schema }) => {
    const [owner = ''] = type.split('.');

    expect(type).toMatch(/^[a-z]+\.[a-z]+\.v[1-9]\d*$/);
    expect(Object.values(owners[owner as keyof typeof owners])).toContainEqual(expect.objectContaining({ type }));
    expect(schema.safeParse({}).success).toBe(false);
  });

  it.each(events.map((event) => [event.type, event] as const))(
    '%s holds no personal data: dead letters show it',
    (_, { schema }) => {
      const names = [...JSON.stringify(z.toJSONSchema(schema)).matchAll(/"(\w+)":\{/g)].map(([, name = '']) => name);

      expect(names.some((name) => name.endsWith('Id'))).toBe(true);
      expect(names.filter((name) => /name|mail|phone|address|street|line1|city|postal|birth|card|method/i.test(name))).toEqual(
        [],
      );
    },
  );

  it('let an event carry more than its reader knows, so that a field can be added', () => {
    const data = { orderId: '6f1d3a52-0000-4000-8000-000000000001', outcome: 'succeeded' };

    expect(payment.paymentSettled.schema.parse({ ...data, addedLater: 1 })).toEqual(data);
  });
});
