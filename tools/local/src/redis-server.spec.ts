import { describe, expect, it } from 'vitest';
import { redisServer } from './redis-server.ts';

describe('the Redis that the runner starts', () => {
  it('throws nothing away to make room: a stream would lose entries that nobody has handled', () => {
    const { args } = redisServer('redis-server', '/data', 63799).spec;

    expect(args.join(' ')).toContain('--maxmemory-policy noeviction');
  });
});
