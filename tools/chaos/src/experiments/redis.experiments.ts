import type { Limit } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';
import { redisCommand } from '../world/redis-command.ts';
import type { World } from '../world/world.ts';
import { storeOutage } from './store-outage.ts';

const limits: readonly Limit[] = [
  { figure: 'purchases', statistic: 'min', atLeast: 10 },
  { figure: 'purchases refused', statistic: 'sum', atMost: 0 },
  { figure: 'browsing served', statistic: 'min', atLeast: 100 },
];

const tell = ({ platform }: World, line: string) => redisCommand(platform.urls.redis, line);

const TRIALS = 2;

export const redisStopped = storeOutage({
  id: 'redis-stopped',
  title: 'Redis is killed and stays down for 10 s: everything goes on without it',
  lastsMs: 10_000,
  trials: TRIALS,
  limits,
  begin: ({ processes }) => processes.hold('redis'),
  end: ({ processes }) => processes.release('redis'),
});

export const redisHung = storeOutage({
  id: 'redis-hung',
  title: 'Redis keeps its connections and answers nothing for 10 s',
  lastsMs: 10_000,
  trials: TRIALS,
  smoke: 1,
  limits,
  begin: ({ processes }) => processes.freeze('redis'),
  end: ({ processes }) => processes.thaw('redis'),
});

export const redisFull = storeOutage({
  id: 'redis-full',
  title: 'Redis takes nothing more for 10 s: its memory is full and it may not evict',
  lastsMs: 10_000,
  trials: TRIALS,
  limits,
  begin: (world) => tell(world, 'CONFIG SET maxmemory 1 maxmemory-policy noeviction'),
  end: (world) => tell(world, 'CONFIG SET maxmemory 0'),
});

export const redisFlushed = storeOutage({
  id: 'redis-flushed',
  title: 'Redis loses everything, again and again: no purchase notices',
  lastsMs: 1_000,
  trials: TRIALS,
  smoke: 1,
  limits,
  begin: async (world, trial) => {
    for (let flush = 0; flush < 10; flush += 1) {
      await tell(world, 'FLUSHALL');
      await pause(trial.random.between(200, 1_200), trial.signal);
    }
  },
  end: () => undefined,
});
