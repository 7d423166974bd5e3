import { testTracing } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { continueTrace, currentTraceparent } from './trace-context.ts';

const stored = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('the trace of work that is stored and done later', () => {
  const tracing = testTracing();

  it('is written as W3C writes it', async () => {
    await tracing.inRequest(async ({ traceId, spanId }) => {
      expect(currentTraceparent()).toBe(`00-${traceId}-${spanId}-01`);
    });

    expect(currentTraceparent()).toBeUndefined();
  });

  it('goes on under the span that stored it, through every await', async () => {
    const inside = await continueTrace('do it', stored, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return currentTraceparent();
    });

    expect(inside).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
    expect(tracing.spans()).toContainEqual({
      name: 'do it',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
      failed: false,
    });
  });

  it('shows a failure, and the failure itself goes on', async () => {
    const failure = new Error('no');

    await expect(continueTrace('fail', stored, () => Promise.reject(failure))).rejects.toBe(failure);

    expect(tracing.spans()).toContainEqual(expect.objectContaining({ name: 'fail', failed: true }));
  });

  it('is not recorded when the request was not sampled', async () => {
    const inside = await continueTrace('unsampled', stored.replace(/1$/, '0'), async () => currentTraceparent());

    expect(inside).toMatch(/-00$/);
    expect(tracing.spans().map(({ name }) => name)).not.toContain('unsampled');
  });

  it.each([undefined, '', 'nonsense', stored.toUpperCase(), `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `${stored}-more`])(
    'begins nowhere when there is none that can be read (%j)',
    async (traceparent) => {
      const before = tracing.spans().length;

      expect(await continueTrace('lost', traceparent, async () => currentTraceparent())).toBeUndefined();
      expect(tracing.spans()).toHaveLength(before);
    },
  );
});
