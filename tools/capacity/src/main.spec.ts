import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inventedCosts, inventedMix } from './invented-costs.ts';
import { main } from './main.ts';

describe('npm run capacity', () => {
  const folder = mkdtempSync(join(tmpdir(), 'capacity-'));
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const data = (name: string) => fileURLToPath(new URL(`../data/${name}`, import.meta.url));
  const costs = file('costs.json', inventedCosts);
  const mix = file('mix.json', { shares: inventedMix });
  const files = ['--costs', costs, '--mix', mix, '--prices', data('prices.json'), '--assumptions', data('assumptions.json')];

  let said: string[];
  beforeEach(() => {
    said = [];
    const hear = (line: unknown) => said.push(String(line));
    vi.spyOn(console, 'log').mockImplementation(hear);
    vi.spyOn(console, 'error').mockImplementation(hear);
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      hear(text);
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints a table, and writes the plan and the patches', () => {
    const json = join(folder, 'plan.json');
    const patches = join(folder, 'patches');

    expect(main(['--rps', '10000', ...files, '--json', json, '--patches', patches])).toBe(0);

    expect(said.join('\n')).toContain('30,000 at the peak');
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ load: { average: 10_000, peak: 30_000, headroom: 0.3 } });
    expect(readdirSync(patches)).toHaveLength(11);
  });

  it('prints JSON alone when asked for no file', () => {
    expect(main(['--rps', '100', ...files, '--json'])).toBe(0);

    expect(JSON.parse(said.join(''))).toMatchObject({ load: { average: 100 } });
  });

  it('fails when a measurement is missing, and says which', () => {
    const without = file('without.json', { ...inventedCosts, bytesPerOrder: undefined });

    expect(main(['--rps', '100', ...files.with(1, without), '--volume', 'nowhere.json'])).toBe(1);
    expect(said.join('\n')).toContain('no measurement for the disk that an order takes');
  });

  it('makes no plan without the CPU of a route', () => {
    const other = file('other.json', { shares: { browse: 0.5, unheard: 0.5 } });

    expect(main(['--rps', '100', ...files.with(3, other)])).toBe(1);
    expect(said).toEqual(['no measurement for any request of unheard']);
  });

  it('names what is wrong with all files at once', () => {
    const wrong = [
      ...['--costs', file('broken.json', '{'), '--mix', file('half.json', { shares: { browse: 0.5 } })],
      ...['--prices', join(folder, 'nowhere.json'), '--assumptions', file('few.json', { zones: { value: 1, why: 'cheap' } })],
    ];

    expect(main(['--rps', '100', ...wrong])).toBe(1);

    expect(said.join('\n')).toMatch(/broken\.json: not JSON/);
    expect(said.join('\n')).toMatch(/half\.json: The shares do not sum to 1\./);
    expect(said.join('\n')).toMatch(/nowhere\.json: there is no such file\./);
    expect(said.join('\n')).toMatch(/few\.json: zones: One zone can not be lost and made up for\./);
    expect(said.join('\n')).toMatch(/few\.json: waitP95Ms: /);
  });

  it('explains itself after a mistake', () => {
    expect(main(['--fast'])).toBe(1);
    expect(said.join('\n')).toMatch(/✗ There is no option --fast\.\n✗ --rps is missing.*\n\nnpm run capacity/);
  });

  it('needs no build: Node takes the types away', () => {
    const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('../run.mjs', import.meta.url))], {
      encoding: 'utf8',
    });

    expect({ status, firstLine: stderr.split('\n')[0] }).toMatchObject({
      status: 1,
      firstLine: expect.stringMatching(/^✗ --rps is missing/),
    });
  });

  it('compares with runs that were made', () => {
    const run = { name: 'one of each', replicas: { gateway: 1 }, mostRps: 1_600 };
    const runs = file('runs.json', { machine: 'none', cores: 2, otherCpuMs: 0.017, runs: [run] });

    expect(main(['--validate', runs, ...files])).toBe(0);
    expect(said.join('\n')).toContain('+25.0 %');
  });
});
