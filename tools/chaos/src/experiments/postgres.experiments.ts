import { Postgres, sql } from '@emporium/postgres';
import type { Experiment, Limit } from '../experiment.ts';
import { pause, until } from '../schedule/pause.ts';
import type { World } from '../world/world.ts';
import { storeOutage } from './store-outage.ts';

const back: Limit = { figure: 'back', statistic: 'max', atMost: 10_000 };

export const postgresStopped = storeOutage({
  id: 'postgres-stopped',
  title: 'Postgres is stopped for 20 s: refusals are clean and quick, and purchases go on when it is back',
  lastsMs: 20_000,
  trials: 2,
  limits: [back, { figure: 'refused', statistic: 'p99', atMost: 1_000 }],
  begin: ({ processes }) => processes.hold('postgres', 'SIGINT'),
  end: ({ processes }) => processes.release('postgres'),
});

export const postgresBlackHoled = storeOutage({
  id: 'postgres-black-holed',
  title: 'the network swallows what services say to Postgres for 10 s: nobody waits longer than three seconds',
  lastsMs: 10_000,
  trials: 2,
  smoke: 1,
  limits: [back, { figure: 'refused', statistic: 'p99', atMost: 3_200 }],
  begin: ({ links }) => links.between({ to: 'postgres' }).hang(),
  end: ({ links }) => links.between({ to: 'postgres' }).resume(),
});

/** As the server's administrator, of all databases. */
async function endSessions({ platform }: World): Promise<number> {
  const server = new Postgres({ url: platform.urls.postgres, applicationName: 'chaos', min: 0, max: 1 });
  try {
    const ended = await server.query(sql`
      select pg_terminate_backend(pid) from pg_stat_activity where usename like '%_app' and pid <> pg_backend_pid()
    `);
    return ended.length;
  } finally {
    await server.close();
  }
}

const ROUNDS = 10;

export const sessionsEnded: Experiment = {
  id: 'postgres-sessions-ended',
  title: 'every database session of the services is ended, ten times in five seconds of load',
  group: 'stores',
  trials: 2,
  smoke: 1,
  run: async (world, trial) => {
    world.load.start({ rate: 30 });
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(trial.random.between(250, 750), trial.signal);
      trial.measure('sessions ended', await endSessions(world), '');
    }
    const productId = trial.random.pick(world.load.products);
    const customer = world.people.customer();
    const buys = async () => (await customer.purchase([{ productId, quantity: 1 }]).attempt()).status === 201;
    const tookMs = await until(buys, { patienceMs: 10_000, signal: trial.signal });
    if (tookMs === undefined) trial.breach('no purchase goes through ten seconds after the last session was ended');
    else trial.measure('back', tookMs, 'ms');
  },
  limits: [back, { figure: 'sessions ended', statistic: 'sum', atLeast: ROUNDS }],
};

const BUYERS = 60;
const HOLDS = 3;
const HOLD_MS = 3_000;

/** In short holds: a transaction that idles is ended by the server after five seconds. */
async function holdStock(world: World, productId: string, signal: AbortSignal): Promise<void> {
  for (let hold = 0; hold < HOLDS; hold += 1) {
    await world.books.database('product').transaction(async (tx) => {
      await tx.execute(sql`select 1 from stock where product_id = ${productId} for update`);
      await pause(HOLD_MS, signal);
    });
  }
}

export const locksOnOneProduct: Experiment = {
  id: 'locks-on-one-product',
  title: `the stock of one product is locked for ${(HOLDS * HOLD_MS) / 1_000} s while ${BUYERS} customers want it: all other purchases go on`,
  group: 'stores',
  trials: 2,
  smoke: 1,
  run: async (world, trial) => {
    const hot = await world.goods.add(1_000);
    const locked = holdStock(world, hot, trial.signal);
    const crowd = Array.from({ length: BUYERS }, () => world.people.customer().buy([{ productId: hot, quantity: 1 }]));
    let isLocked = true;
    void locked.finally(() => (isLocked = false));

    while (isLocked) {
      const productId = trial.random.pick(world.load.products);
      const answer = await world.people
        .customer()
        .purchase([{ productId, quantity: 1 }])
        .attempt();
      trial.measure('another purchase', answer.durationMs, 'ms');
      trial.measure('other purchases', answer.result === 'ok' ? 1 : 0, 'orders');
      if (answer.result !== 'ok') trial.measure('other purchases refused', 1, 'orders');
      await pause(100, trial.signal);
    }
    await locked;
    trial.measure('other purchases refused', 0, 'orders');
    await Promise.all(crowd);
  },
  limits: [
    { figure: 'other purchases', statistic: 'sum', atLeast: 20 },
    { figure: 'other purchases refused', statistic: 'sum', atMost: 0 },
  ],
};
