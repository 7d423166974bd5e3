import { describe, expect, it } from 'vitest';
import { httpServerMetrics } from './http-server-metrics.ts';
import { counter, gauge, histogram, registry, startDefaultMetrics } from './metrics.ts';

describe('metrics', () => {
  it('are the same object under the same name, so that a module loaded twice counts once', async () => {
    counter('emporium_spec_things_total', 'Things.', ['colour', 'size']).inc({ colour: 'red', size: 's' });
    counter('emporium_spec_things_total', 'Things.', ['size', 'colour']).inc({ colour: 'red', size: 's' });

    const text = await registry.getSingleMetricAsString('emporium_spec_things_total');
    expect(text).toContain('emporium_spec_things_total{colour="red",size="s"} 2');
    expect(gauge('emporium_spec_level', 'Level.')).toBe(gauge('emporium_spec_level', 'Level.'));
    expect(histogram('emporium_spec_time_seconds', 'Time.')).toBe(histogram('emporium_spec_time_seconds', 'Time.'));
  });

  it('refuse a name that means something else already', () => {
    counter('emporium_spec_taken_total', 'Taken.', ['colour']);

    expect(() => gauge('emporium_spec_taken_total', 'Taken.', ['colour'])).toThrow('exists as another type');
    expect(() => counter('emporium_spec_taken_total', 'Taken.', ['size'])).toThrow('exists with the labels "colour"');
  });

  it('take the buckets they are given', async () => {
    histogram('emporium_spec_items', 'Items.', [], [1, 10]).observe(5);

    const text = await registry.getSingleMetricAsString('emporium_spec_items');
    expect(text).toContain('emporium_spec_items_bucket{le="1"} 0');
    expect(text).toContain('emporium_spec_items_bucket{le="10"} 1');
  });

  it('include those of the process, however often they are started', async () => {
    startDefaultMetrics();
    startDefaultMetrics();

    expect(await registry.metrics()).toContain('nodejs_eventloop_lag_seconds');
  });
});

describe('the metrics of a server', () => {
  const reading = async (name: string, labels: Record<string, string>) => {
    const metric = await registry.getSingleMetric(name)?.get();
    return metric?.values.find((value) => Object.entries(labels).every(([label, text]) => value.labels[label] === text))?.value;
  };

  it('count a request as in flight until it is answered', async () => {
    const end = httpServerMetrics.begin();
    const during = await reading('emporium_http_requests_in_flight', {});
    end({ method: 'GET', route: '/v1/orders/:id', status: 200 });
    const after = await reading('emporium_http_requests_in_flight', {});

    expect([during, after]).toEqual([1, 0]);
    expect(await reading('emporium_http_requests_total', { method: 'GET', route: '/v1/orders/:id', status: '200' })).toBe(1);
    expect(await reading('emporium_http_request_duration_seconds', { method: 'GET', route: '/v1/orders/:id' })).toBeDefined();
  });

  it('count an answer once, though it both finished and closed', async () => {
    const end = httpServerMetrics.begin();
    end({ method: 'PUT', route: '/v1/cart', status: 200 });
    end({ method: 'PUT', route: '/v1/cart', status: 499 });

    expect(await reading('emporium_http_requests_in_flight', {})).toBe(0);
    expect(await reading('emporium_http_requests_total', { route: '/v1/cart' })).toBe(1);
  });

  it('never take a label from the client', async () => {
    httpServerMetrics.begin()({ method: 'X-4711', route: undefined, status: 404 });

    expect(await reading('emporium_http_requests_total', { method: 'OTHER', route: 'unknown', status: '404' })).toBe(1);
  });
});
