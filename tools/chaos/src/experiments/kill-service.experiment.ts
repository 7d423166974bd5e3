import type { Experiment } from '../experiment.ts';
import { deck } from '../schedule/deck.ts';
import { pause, until } from '../schedule/pause.ts';
import { recovery, underWay } from './recovery.ts';

const victims = ['gateway', 'user', 'product', 'order', 'payment', 'postgres', 'redis'] as const;

// 250 kills in less than fifteen minutes. Shorter than the longest recovery on purpose: faults do not queue for each other.
const CADENCE_MS = 3_200;

/** A third of the visitors buy anyway; here it is two thirds. */
const mix = { checkout: 60, 'checkout-cart': 8, 'checkout-cancel': 8 };

export const killService: Experiment = {
  id: 'kill-service',
  title: `kill -9 of ${victims.join(', ')} in turn, during checkouts`,
  group: 'processes',
  trials: 42,
  smoke: 7,
  limits: [{ figure: 'recovery', statistic: 'p99', atMost: 8_000 }],
  run: async (world, { number, of, random, shared, signal, measure, breach, later, say }) => {
    const victim = deck(shared, victims, of)[number - 1] ?? 'order';
    const began = performance.now();
    // As long as real providers take, so that each kill meets purchases on their way.
    world.witness.behave({ latencyMs: 300 });
    world.load.start({ rate: 12, mix });
    await pause(number === 1 ? 3_000 : random.between(0, 600), signal);
    await until(() => world.platform.pids()[victim] !== undefined, { patienceMs: 10_000, everyMs: 20, signal });
    const unfinished = await underWay(world).catch(() => undefined); // the last victim may have been the database

    world.processes.kill(victim);

    say(`killed ${victim}, with ${unfinished?.purchases.length ?? '?'} purchases on their way`);
    if (unfinished !== undefined) {
      later(
        recovery(world, unfinished, signal).then((ms) => {
          if (ms === undefined) return breach(`kill ${number}, of ${victim}: some purchases were not finished after a minute`);
          measure('recovery', ms, 'ms');
          measure(`recovery (${victim})`, ms, 'ms');
        }),
      );
    }
    await pause(CADENCE_MS - (performance.now() - began), signal);
  },
};
