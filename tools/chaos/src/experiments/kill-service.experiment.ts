import type { Experiment } from '../experiment.ts';
import { deck } from '../schedule/deck.ts';
import { pause, until } from '../schedule/pause.ts';
import { recovery, underWay } from './recovery.ts';

const victims = ['gateway', 'user', 'product', 'order', 'payment', 'postgres', 'redis'] as const;

/** A third of the visitors buy anyway; here it is two thirds. */
const mix = { checkout: 60, 'checkout-cart': 8, 'checkout-cancel': 8 };

/** A kill that meets nobody proves nothing. */
const AT_LEAST = 2;

export const killService: Experiment = {
  id: 'kill-service',
  title: `kill -9 of ${victims.join(', ')} in turn, during checkouts`,
  group: 'processes',
  trials: 42,
  smoke: 7,
  limits: [
    { figure: 'recovery', statistic: 'p50', atMost: 8_000 },
    { figure: 'recovery', statistic: 'p99', atMost: 8_000, fromSamples: 84 },
  ],
  run: async (world, { number, of, random, shared, signal, measure, breach, say }) => {
    const victim = deck(shared, victims, of)[number - 1] ?? 'order';
    // As long as real providers take, so that each kill meets purchases on their way.
    world.witness.behave({ latencyMs: 300 });
    world.load.start({ rate: 12, mix });
    await pause(number === 1 ? 3_000 : random.between(300, 900), signal);
    await until(() => world.platform.pids()[victim] !== undefined, { patienceMs: 10_000, everyMs: 20, signal });
    const open = () => world.recorder.chapter.purchases.filter(({ state }) => state === 'open').length;
    await until(() => open() >= AT_LEAST, { patienceMs: 5_000, everyMs: 5, signal });
    const unfinished = await underWay(world);

    world.processes.kill(victim);

    // Whatever else came meanwhile is part of the next trial.
    const ms = await recovery(world, unfinished, signal);
    if (ms === undefined) return breach(`kill ${number}, of ${victim}: some purchases were not finished after a minute`);
    measure('recovery', ms, 'ms');
    measure(`recovery (${victim})`, ms, 'ms');
    const count = unfinished.purchases.length;
    say(`killed ${victim}, with ${count} purchases on their way: all finished after ${(ms / 1_000).toFixed(1)} s`);
  },
};
