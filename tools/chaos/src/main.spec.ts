import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { experiments } from './experiments/index.ts';
import { main } from './main.ts';

describe('the program', () => {
  let said: string[];
  beforeEach(() => {
    said = [];
    for (const stream of ['log', 'error'] as const)
      vi.spyOn(console, stream).mockImplementation((line) => void said.push(String(line)));
  });
  afterEach(() => vi.restoreAllMocks());

  it('lists every experiment under an id of its own', async () => {
    expect(await main(['--list'])).toBe(0);

    expect(said.map((line) => line.split(' ')[0])).toEqual(experiments.map(({ id }) => id));
    expect(new Set(experiments.map(({ id }) => id)).size).toBe(experiments.length);
    expect(said.length).toBeGreaterThan(20);
  });

  it('lists what a smoke run does, or what is asked for', async () => {
    await main(['--list', '--smoke']);
    expect(said).toHaveLength(experiments.filter(({ smoke }) => smoke !== undefined).length);

    said.length = 0;
    await main(['--list', '--only', 'kill-service,calm']);
    expect(said.map((line) => line.split(' ')[0]).sort()).toEqual(['calm', 'kill-service']);
  });

  it.each([
    [['--only', 'earthquake'], 'There is no experiment earthquake'],
    [['--speed'], "Unknown option '--speed'"],
    [['--seed', 'today'], '--seed takes a whole number'],
  ])('says what it does not understand: %j', async (words, message) => {
    expect(await main(words)).toBe(1);

    expect(said.join()).toContain(message);
    expect(said.join()).toContain('npm run chaos [-- options]');
  });
});
