import { describe, expect, it } from 'vitest';
import { counter, gauge, histogram, registry } from './metrics.ts';
import { countTally, levelTally, timeTally } from './tallies.ts';

const linesOf = async (name: string) => {
  const text = await registry.getSingleMetricAsString(name);
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
};

describe('a tally', () => {
  it('of a counter is in the metric whenever it is read, beside what others count', async () => {
    const things = counter('emporium_spec_tallied_total', 'Things.', ['colour', 'size']);
    const red = countTally(things, { colour: 'red', size: 's' });
    const blue = countTally(things, { colour: 'blue', size: 's' });

    red.inc();
    red.inc();
    blue.inc();
    things.inc({ colour: 'red', size: 's' });
    const first = await linesOf('emporium_spec_tallied_total');
    red.inc();

    expect(first).toEqual([
      'emporium_spec_tallied_total{colour="red",size="s"} 3',
      'emporium_spec_tallied_total{colour="blue",size="s"} 1',
    ]);
    expect(await linesOf('emporium_spec_tallied_total')).toContain('emporium_spec_tallied_total{colour="red",size="s"} 4');
  });

  it('of a histogram is what the histogram itself would have kept', async () => {
    const [one, other] = [
      histogram('emporium_spec_observed_seconds', 'Time.', ['route']),
      histogram('emporium_spec_tallied_seconds', 'Time.', ['route']),
    ];
    const tally = timeTally(other, { route: '/a' });

    for (const round of [1, 2]) {
      for (const seconds of [0, 0.001, 0.0011, 0.3, 10, 10.5, 400]) {
        one.observe({ route: '/a' }, seconds * round);
        tally.observe(seconds * round);
      }
      const expected = await linesOf('emporium_spec_observed_seconds');
      expect(expected.length).toBeGreaterThan(10);
      expect((await linesOf('emporium_spec_tallied_seconds')).map((line) => line.replace('tallied', 'observed'))).toEqual(
        expected,
      );
    }
  });

  it('of a series is one of several, and of what is observed without one', async () => {
    const times = histogram('emporium_spec_shared_seconds', 'Time.', ['route']);
    times.observe({ route: '/a' }, 1);
    const [one, other] = [timeTally(times, { route: '/a' }), timeTally(times, { route: '/a' })];

    one.observe(2);
    other.observe(3);

    expect(await linesOf('emporium_spec_shared_seconds')).toContain('emporium_spec_shared_seconds_count{route="/a"} 3');
    expect(await linesOf('emporium_spec_shared_seconds')).toContain('emporium_spec_shared_seconds_sum{route="/a"} 6');
  });

  it('of a level is what it is when it is read', async () => {
    const level = levelTally(gauge('emporium_spec_tallied_level', 'Level.'));
    level.set(5);
    level.add(-2);

    expect(await linesOf('emporium_spec_tallied_level')).toEqual(['emporium_spec_tallied_level 3']);
  });
});
