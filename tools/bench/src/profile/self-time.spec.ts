import type { Profiler } from 'node:inspector';
import { describe, expect, it } from 'vitest';
import { functionOf, packageOf, selfTimes } from './self-time.ts';

const frame = (functionName: string, url: string, lineNumber = 9) => ({
  functionName,
  url,
  lineNumber,
  columnNumber: 0,
  scriptId: '1',
});
const handle = frame('handle', 'file:///home/ada/emporium/services/order/dist/orders/order.service.js');
const route = frame('route', 'file:///home/ada/emporium/node_modules/fastify/lib/route.js');

const profile: Profiler.Profile = {
  nodes: [
    { id: 1, callFrame: frame('(root)', '') },
    { id: 2, callFrame: handle },
    { id: 3, callFrame: route },
    { id: 4, callFrame: handle },
    { id: 5, callFrame: frame('(idle)', '') },
  ],
  startTime: 0,
  endTime: 100_000,
  samples: [2, 3, 4, 5],
  timeDeltas: [10_000, 30_000, 20_000, 40_000],
};

describe('self time', () => {
  it('is summed by name, longest first, and idle time counts for nothing', () => {
    expect(selfTimes(profile, ({ functionName }) => functionName)).toEqual([
      { name: 'handle', ms: 30, share: 0.5 },
      { name: 'route', ms: 30, share: 0.5 },
    ]);
  });
});

describe('the name of a frame', () => {
  it('is the function and where it is, without the folder of the repository', () => {
    expect(functionOf(handle)).toBe('handle  services/order/dist/orders/order.service.js:10');
    expect(functionOf(route)).toBe('route  fastify/lib/route.js:10');
    expect(functionOf(frame('', 'node:events'))).toBe('(anonymous)  node:events:10');
    expect(functionOf(frame('(garbage collector)', ''))).toBe('(garbage collector)');
  });

  it('is the package, however deep it is installed', () => {
    expect(packageOf(handle)).toBe('services/order');
    expect(packageOf(route)).toBe('fastify');
    expect(packageOf(frame('a', 'file:///x/node_modules/a/node_modules/@nestjs/core/b.js'))).toBe('@nestjs/core');
    expect(packageOf(frame('emit', 'node:events'))).toBe('node');
    expect(packageOf(frame('(program)', ''))).toBe('(program)');
    expect(packageOf(frame('writev', ''))).toBe('(native)');
  });
});
