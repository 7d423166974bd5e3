import { sql } from '@emporium/postgres';
import type { Experiment } from '../experiment.ts';
import { until } from '../schedule/pause.ts';
import { pendingEntries } from '../world/pending-entries.ts';
import { unitsHeardOf } from '../world/popularity.ts';
import type { World } from '../world/world.ts';

/** What a dead consumer held is taken over after half a minute without a sign of life, and looked for every quarter of one. */
const PATIENCE_MS = 60_000;
const LOCK_MS = 4_000;

/** Keeps the row that the handler wants, for as long as `work` takes and no longer than `LOCK_MS`. */
async function whileLocked({ books }: World, productId: string, work: () => Promise<void>): Promise<void> {
  const database = books.database('product');
  let release: (() => void) | undefined;
  const locked = new Promise<void>((resolve, reject) => {
    database
      .transaction(async (tx) => {
        await tx.query(sql`select score from popularity where product_id = ${productId} for update`);
        resolve();
        await new Promise<void>((done) => {
          release = done;
          setTimeout(done, LOCK_MS);
        });
      })
      .catch(reject);
  });
  await locked;
  try {
    await work();
  } finally {
    release?.();
  }
}

/** Whether somebody stands before the locked row: without other load that is the handler. */
async function isHandling({ books }: World): Promise<boolean> {
  const [row] = await books.database('product').query<{ count: number }>(sql`
    select count(*)::int as count from pg_locks where not granted and locktype = 'transactionid'
  `);
  return (row?.count ?? 0) > 0;
}

export const consumerKilled: Experiment = {
  id: 'consumer-killed',
  title: 'the product service is killed while it handles an event: the next one handles it',
  group: 'events',
  trials: 2,
  run: async (world, trial) => {
    const { people, goods, processes, platform, books } = world;
    const productId = await goods.add(1_000);
    const { signal } = trial;

    await whileLocked(world, productId, async () => {
      await people.customer().buy([{ productId, quantity: 1 }]);
      if ((await until(() => isHandling(world), { patienceMs: LOCK_MS, everyMs: 20, signal })) === undefined)
        throw new Error('No event was handled while its row was locked.');
      processes.kill('product');
    });
    const killedAt = performance.now();
    await until(() => world.isReady(), { patienceMs: 30_000, signal });

    const isHeard = async () => (await unitsHeardOf(books, productId)) === 1;
    const isOwed = (await pendingEntries(platform.urls.redis, 'order.events', 'product')) > 0;
    if (!isOwed && !(await isHeard())) return trial.breach('an event was neither handled nor is it still to be handled');
    if ((await until(isHeard, { patienceMs: PATIENCE_MS, signal })) === undefined)
      return trial.breach('an event was never handled');
    trial.measure('heard after', performance.now() - killedAt, 'ms');
  },
};
