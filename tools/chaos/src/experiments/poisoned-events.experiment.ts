import type { Experiment } from '../experiment.ts';
import { pause, until } from '../schedule/pause.ts';
import { redisCommand } from '../world/redis-command.ts';
import type { World } from '../world/world.ts';

const PATIENCE_MS = 40_000;

/** Entries no consumer can make anything of: no JSON, half an event, no event at all. */
const poisons: readonly ((name: string) => string)[] = [
  (name) => `envelope ${name}`,
  (name) => `envelope '{"id":"${name}","type":"order.confirmed.v1"}'`,
  (name) => `nothing ${name}`,
];

const streams = ['order.events', 'payment.events'] as const;

interface Letter {
  readonly id: string;
}

async function parked({ shop, people }: World): Promise<ReadonlySet<string>> {
  const { body } = await shop.call<{ items: readonly Letter[] }>(
    { action: 'dead-letters', method: 'GET', path: '/v1/admin/dead-letters?limit=100', as: people.admin },
    { statuses: [200] },
  );
  return new Set(body?.items.map(({ id }) => id));
}

export const poisonedEvents: Experiment = {
  id: 'poisoned-events',
  title: 'entries nobody can read stand in the streams between those of real purchases: they are parked, and hold up nobody',
  group: 'events',
  trials: 2,
  smoke: 1,
  run: async (world, trial) => {
    const before = await parked(world);
    world.load.start({ rate: 15 });
    let sent = 0;
    for (const stream of streams) {
      for (const poison of poisons) {
        const entry = poison(`poison-${trial.number}-${sent}`);
        await redisCommand(world.platform.urls.redis, `XADD ${stream} * ${entry}`);
        sent += 1;
        await pause(trial.random.between(50, 300), trial.signal);
      }
    }
    const newOnes = async () => [...(await parked(world))].filter((id) => !before.has(id)).length;
    const tookMs = await until(async () => (await newOnes()) >= sent, {
      patienceMs: PATIENCE_MS,
      everyMs: 500,
      signal: trial.signal,
    });
    if (tookMs === undefined) trial.breach(`${sent} entries were poisoned, and ${await newOnes()} are parked`);
    else trial.measure('all parked after', tookMs, 'ms');
  },
  limits: [{ figure: 'all parked after', statistic: 'max', atMost: PATIENCE_MS }],
};
