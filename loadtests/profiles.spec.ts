import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { profile } from './lib/profile.ts';

vi.mock('k6', () => ({ sleep: () => undefined }));
vi.mock('k6/http', () => ({ default: { request: () => ({ status: 200 }), expectedStatuses: () => ({}) } }));
vi.mock('k6/encoding', () => ({ b64encode: () => '' }));
vi.mock('k6/metrics', () => {
  class Metric {
    add(): void {
      expect.fail('nothing is measured while a profile is only read');
    }
  }
  return { Counter: Metric, Gauge: Metric, Rate: Metric };
});

type Profile = Readonly<Record<string, unknown>> & { readonly options: ReturnType<typeof profile> };
const profiles = globSync('profiles/*.ts', { cwd: import.meta.dirname }).map((file) => basename(file, '.ts'));
const read = async (name: string) => (await import(`./profiles/${name}.ts`)) as Profile;

beforeAll(() => vi.stubGlobal('__ENV', {}));

describe('a profile', () => {
  it('is there for each kind of load', () => {
    expect(profiles.toSorted()).toEqual([
      ...['breakpoint', 'flash-sale', 'load', 'read-heavy', 'smoke', 'soak', 'spike', 'stress'],
    ]);
  });

  it.each(profiles)('%s offers what its scenarios call, and what k6 calls before and after', async (name) => {
    const { options, ...offered } = await read(name);

    for (const { exec } of Object.values(options.scenarios)) expect(offered[exec]).toBeTypeOf('function');
    for (const hook of ['setup', 'teardown', 'handleSummary']) expect(offered[hook]).toBeTypeOf('function');
  });

  it.each(profiles)('%s ends with books that agree', async (name) => {
    const { options } = await read(name);

    expect(options.thresholds).toMatchObject({ books_agree: ['rate==1'], reconciliation_differences: ['value==0'] });
  });

  it.each(profiles)('%s says what it does, for the report', async (name) => {
    const { rate, seconds, mix } = (await read(name)).options.ext.emporium;

    expect(rate).toBeGreaterThan(0);
    expect(seconds).toBeGreaterThan(0);
    expect(Object.values(mix).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  it('is as large and as long as somebody wants it', async () => {
    vi.resetModules();
    vi.stubGlobal('__ENV', { LOAD_RATE: '60', LOAD_DURATION: '30' });

    const { options } = await read('load');

    expect(options.ext.emporium).toMatchObject({ rate: 60, seconds: 30 });
    expect(options.scenarios.visit_browse).toMatchObject({ rate: 720, duration: '30s' });
  });
});
