import { describe, expect, it } from 'vitest';
import { userRule } from '../access/access-rule.ts';
import { RouteTable } from './route-table.ts';

describe('the routes of a service', () => {
  const table = new RouteTable();
  table.add('GET', '/v1/orders/:id', userRule);
  table.add('HEAD', '/v1/orders/:id', userRule);
  table.add('POST', '/v1/orders/:id/cancel', { kind: 'public' });
  table.add('GET', '/pages/*', { kind: 'open' });

  it.each([
    ['/v1/orders/1', ['GET', 'HEAD']],
    ['/v1/orders/1/cancel', ['POST']],
    ['/v1/orders/', []],
    ['/v1/orders', []],
    ['/pages/a/b', ['GET']],
    ['/elsewhere', []],
  ])('take at %s the methods %j', (path, methods) => {
    expect(table.methodsOf(path)).toEqual(methods);
  });

  it('have a rule each', () => {
    expect(table.ruleOf('post', '/v1/orders/{id}/cancel')).toEqual({ kind: 'public' });
    expect(table.ruleOf('get', '/v1/orders/{id}')).toBe(userRule);
    expect(table.ruleOf('put', '/v1/orders/{id}')).toBeUndefined();
  });
});
