import { describe, expect, it } from 'vitest';
import { callsIn, MANAGEMENT_PORTS, PORTS } from './calls.ts';
import { textOf } from './repository.ts';

describe('the calls of docs/calls.md', () => {
  const calls = callsIn(textOf('docs/calls.md')).map(({ from, to }) => `${from} → ${to}`);

  it('are all there', () => {
    expect(calls.toSorted()).toEqual([
      ...['gateway → order', 'gateway → payment', 'gateway → product', 'gateway → redis', 'gateway → user'],
      ...['order → payment', 'order → postgres', 'order → product', 'order → redis', 'order → user'],
      ...['payment → postgres', 'payment → redis', 'payment → user'],
      ...['product → postgres', 'product → redis', 'product → user', 'user → postgres'],
    ]);
  });
});

describe('a table of calls', () => {
  it('gives every caller every callee, once, and nobody himself', () => {
    const table = [
      '| call | ends |',
      '| --- | --- |',
      '| gateway, order → user, product: names | 1 s |',
      '| every service → user: keys | 2 s |',
    ];

    expect(callsIn(table.join('\n'))).toEqual([
      { from: 'gateway', to: 'user' },
      { from: 'gateway', to: 'product' },
      { from: 'order', to: 'user' },
      { from: 'order', to: 'product' },
      { from: 'product', to: 'user' },
      { from: 'payment', to: 'user' },
    ]);
  });

  it('may name the provider, which no pod of ours is', () => {
    expect(callsIn('| payment → provider | 2.5 s |')).toEqual([]);
  });

  it('may name nobody who is not known', () => {
    expect(() => callsIn('| gateway → mail: letters | 1 s |')).toThrow('"mail"');
  });
});

it('the ports are those of docs/architecture.md', () => {
  const rows = textOf('docs/architecture.md').matchAll(/^\| (\w+) \| (\d+) \| (\d+) \|/gm);
  const ports = Object.fromEntries([...rows].map(([, name, port, management]) => [name, [Number(port), Number(management)]]));

  for (const [name, management] of Object.entries(MANAGEMENT_PORTS)) expect(ports[name]).toEqual([PORTS[name], management]);
});
