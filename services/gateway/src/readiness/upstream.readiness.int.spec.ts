import { HealthRegistry, Lifecycle } from '@emporium/service-defaults';
import { silentLogger } from '@emporium/telemetry';
import { type FakeAnswer, type FakeHttp, fakeHttp } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../config.ts';
import { UpstreamReadiness } from './upstream.readiness.ts';

describe('the readiness of the gateway', () => {
  const ready: FakeAnswer = { status: 200, body: { status: 'ready' } };
  const stopping: FakeAnswer = { status: 503, body: { status: 'stopping' }, headers: { connection: 'close' } };
  let service: FakeHttp;
  let health: HealthRegistry;
  let lifecycle: Lifecycle;

  beforeEach(async () => {
    service = await fakeHttp({ 'GET /ready': ready });
    health = new HealthRegistry();
    lifecycle = new Lifecycle(silentLogger);
    const names = ['USER', 'PRODUCT', 'ORDER', 'PAYMENT'];
    const urls = Object.fromEntries(names.map((name) => [`${name}_SERVICE_URL`, service.url]));
    const config = loadConfig({ ...urls, SERVICE_TOKEN_KEY: 'k', SERVICE_TOKEN_PUBLIC_KEYS: 'k' });
    new UpstreamReadiness(health, lifecycle, config, silentLogger).onModuleInit();
  });
  afterEach(async () => {
    await lifecycle.stop('over');
    await service.close();
  });

  /** What one replica after another says; the last goes on. */
  const replicasSay = (...answers: FakeAnswer[]) => {
    service.on('GET /ready', () => (answers.length > 1 ? answers.shift() : answers[0]) as FakeAnswer);
  };

  it('asks again when it met a replica that is about to end: the service goes on without it', async () => {
    replicasSay(stopping, stopping, stopping, stopping, stopping, ready);

    expect(await health.report()).toMatchObject({ ready: true });
  });

  it('is off when all that is left of a service is about to end', async () => {
    replicasSay(stopping);

    expect(await health.report()).toMatchObject({ ready: false });
  });

  it('is off at once when a service says that it cannot work', async () => {
    replicasSay({ status: 503, body: { status: 'not-ready' } }, ready);

    const { ready: isReady, checks } = await health.report();

    expect(isReady).toBe(false);
    expect(checks.filter(({ status }) => status === 'down')).toHaveLength(1);
  });
});
