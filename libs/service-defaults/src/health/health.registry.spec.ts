import { remainingMs, runInContext } from '@emporium/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadAfter } from './dead-after.ts';
import { HealthRegistry } from './health.registry.ts';

const up = () => undefined;
const down = () => {
  throw new Error('gone');
};

describe('health', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is ready with nothing to check', async () => {
    expect(await new HealthRegistry().report()).toEqual({ ready: true, checks: [] });
  });

  it('is not ready when something required is down, and only tells of the rest', async () => {
    const health = new HealthRegistry();
    health.register({ name: 'redis', required: false, check: down });
    const optional = await health.report();
    health.register({ name: 'postgres', required: true, check: () => Promise.reject('no route') });
    const required = await health.report();

    expect(optional.ready).toBe(true);
    expect(optional.checks).toMatchObject([{ name: 'redis', status: 'down', error: 'gone' }]);
    expect(required.ready).toBe(false);
    expect(required.checks[1]).toMatchObject({ name: 'postgres', required: true, status: 'down', error: 'no route' });
  });

  it('does not take the hurry of one asker for an illness: checks are shared', async () => {
    const health = new HealthRegistry();
    const inTime = () => {
      if (remainingMs() === 0) throw new Error('no time left');
    };
    health.register({ name: 'postgres', required: true, check: inTime });

    const report = runInContext({ requestId: 'r', deadline: Date.now() - 1 }, () => health.report());

    expect(await report).toMatchObject({ ready: true });
  });

  it('counts a check that does not answer within a second as down', async () => {
    const health = new HealthRegistry();
    health.register({ name: 'postgres', required: true, check: () => new Promise(() => undefined) });

    const report = health.report();
    await vi.advanceTimersByTimeAsync(1000);

    expect(await report).toMatchObject({ ready: false, checks: [{ status: 'down', error: 'no answer within 1000 ms' }] });
  });

  it('runs the checks once for callers within a quarter of a second', async () => {
    const health = new HealthRegistry();
    const check = vi.fn();
    health.register({ name: 'postgres', required: true, check });

    await Promise.all(Array.from({ length: 20 }, () => health.report()));
    expect(check).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(251);
    await health.report();

    expect(check).toHaveBeenCalledTimes(2);
  });

  it('lets a check take the place of another of its name', async () => {
    const health = new HealthRegistry();
    health.register({ name: 'events', required: true, check: down });
    await health.report();
    health.register({ name: 'events', required: true, check: up });

    expect((await health.report()).ready).toBe(true);
  });
});

describe('a background worker', () => {
  const watched = (state: { healthy: boolean; excused?: boolean }) => {
    let now = 0;
    const check = deadAfter(
      () => state.healthy,
      () => state.excused ?? false,
      () => now,
    );
    const at = async (seconds: number) => {
      now = seconds * 1000;
      const health = new HealthRegistry();
      health.register({ name: 'jobs', ...check });
      return health.report();
    };
    return at;
  };

  it('shows as down at once and takes the service out of rotation after ten seconds', async () => {
    const state = { healthy: true };
    const at = watched(state);

    expect(await at(0)).toMatchObject({ ready: true, checks: [{ status: 'up' }] });
    state.healthy = false;
    expect(await at(1)).toMatchObject({ ready: true, checks: [{ status: 'down' }] });
    expect(await at(10)).toMatchObject({ ready: true, checks: [{ status: 'down' }] });
    expect(await at(11)).toMatchObject({ ready: false, checks: [{ status: 'down', required: true }] });
    state.healthy = true;
    expect(await at(12)).toMatchObject({ ready: true, checks: [{ status: 'up' }] });
  });

  it('never takes the service out of rotation for what is not its own fault', async () => {
    const at = watched({ healthy: false, excused: true });

    expect(await at(0)).toMatchObject({ ready: true, checks: [{ status: 'down' }] });
    expect(await at(60)).toMatchObject({ ready: true, checks: [{ status: 'down', required: false }] });
  });
});
