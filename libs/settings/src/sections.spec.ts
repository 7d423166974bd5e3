import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSections } from './sections.ts';

const limits = z.strictObject({ burst: z.int().min(1).default(10), perMinute: z.int().default(60) });
const layout = {
  section: 'order',
  schema: z.strictObject({ timeoutMs: z.int().max(5_000).default(800), limits: limits.prefault({}) }),
  all: z.strictObject({ limits: z.strictObject({ burst: z.int().optional(), perMinute: z.int().optional() }).optional() }),
  others: ['gateway'],
};

const read = (file: unknown) => readSections(JSON.stringify(file), layout);
const defaults = { timeoutMs: 800, limits: { burst: 10, perMinute: 60 } };

describe('the settings of a service in a file of sections', () => {
  it('are the defaults when the file says nothing of it', () => {
    expect(read({})).toEqual({ values: defaults });
    expect(read({ gateway: { whatever: true } })).toEqual({ values: defaults });
  });

  it('are what its own section says, and the defaults for the rest', () => {
    expect(read({ order: { limits: { burst: 3 } } })).toEqual({ values: { ...defaults, limits: { burst: 3, perMinute: 60 } } });
  });

  it('are what the section for all says, where its own section does not say otherwise', () => {
    const all = { limits: { burst: 3, perMinute: 30 } };

    expect(read({ all })).toEqual({ values: { ...defaults, limits: all.limits } });
    expect(read({ all, order: { timeoutMs: 1, limits: { burst: 4 } } })).toEqual({
      values: { timeoutMs: 1, limits: { burst: 4, perMinute: 30 } },
    });
  });

  it.each([
    ['a section that does not exist', { ordr: {} }, 'ordr: there is no such section; there are all, order, gateway'],
    ['a value out of bounds', { order: { timeoutMs: 5_001 } }, 'order.timeoutMs: Too big: expected number to be <=5000'],
    [
      'a value of another kind',
      { order: { timeoutMs: '1' } },
      'order.timeoutMs: Invalid input: expected number, received string',
    ],
    ['a name that does not exist', { order: { limits: { brust: 1 } } }, 'order.limits: Unrecognized key: "brust"'],
    ['a section that is none', { order: null }, 'order: Invalid input: expected object, received null'],
    ['a list', { order: [] }, 'order: Invalid input: expected object, received array'],
    ['what not every service has', { all: { timeoutMs: 1 } }, 'all: Unrecognized key: "timeoutMs"'],
    ['a mistake in the section for all', { all: { limits: { burst: 'x' } } }, 'all.limits.burst: Invalid input'],
    ['a section for all that is none', { all: 1 }, 'all: Invalid input: expected object, received number'],
  ])('are refused for %s', (_what, file, problem) => {
    expect(read(file)).toEqual({ problems: [expect.stringContaining(problem)] });
  });

  it('are refused with every mistake at once', () => {
    expect((read({ ordr: {}, all: { nothing: 1 } }) as { problems: string[] }).problems).toHaveLength(2);
    expect((read({ ordr: {}, order: { timeoutMs: 0.5 } }) as { problems: string[] }).problems).toHaveLength(2);
    expect((read({ order: { timeoutMs: -0.5, limits: { burst: 0 } } }) as { problems: string[] }).problems).toHaveLength(2);
  });

  it('are refused when a value for all is not good enough for this service', () => {
    expect(read({ all: { limits: { burst: 0 } } })).toEqual({ problems: [expect.stringContaining('order.limits.burst')] });
  });

  it.each(['', '{"order":', 'null', '[]', '42', '"order"'])('are refused when the file is %j', (text) => {
    expect(readSections(text, layout)).toEqual({ problems: ['the file must be a JSON object of sections'] });
  });

  it('are refused for a section for all that nobody declared', () => {
    const { all: _, ...without } = layout;

    expect(readSections('{"all":{}}', without)).toEqual({ problems: ['all: there are no settings that every service has'] });
  });

  it('never repeat a value in a message', () => {
    const secret = 'sk_live_secret';

    const readings = [readSections(`{"order":${secret}`, layout), read({ order: { timeoutMs: secret } }), read({ all: secret })];

    expect(JSON.stringify(readings)).not.toContain(secret);
  });

  it('cannot be poisoned through the names of a prototype', () => {
    expect(readSections('{"__proto__":{"order":{}}}', layout)).toEqual({ problems: [expect.stringContaining('__proto__')] });
    const { values } = readSections('{"all":{"limits":{}},"order":{"limits":{"burst":2}}}', layout) as {
      values: typeof defaults;
    };
    expect(values.limits).toEqual({ burst: 2, perMinute: 60 });
    expect(readSections('{"order":{"__proto__":{"timeoutMs":1}}}', layout)).not.toEqual({
      values: { ...defaults, timeoutMs: 1 },
    });
  });
});
