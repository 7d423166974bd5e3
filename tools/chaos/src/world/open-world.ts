import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { startPlatform, temporaryFolder } from '@emporium/local';
import { Load } from '../load/load.ts';
import { People } from '../people/people.ts';
import { mintOf } from '../people/person.ts';
import { Recorder } from '../shop/recorder.ts';
import { Shop } from '../shop/shop.ts';
import { Books } from './books.ts';
import { Goods } from './goods.ts';
import { LinkTable } from './links.ts';
import { Processes } from './processes.ts';
import { Witness } from './witness.ts';
import { World } from './world.ts';
import type { Surroundings, WorldOptions } from './world-options.ts';

// A killed process is back at once, also when it is killed again and again: the suite measures the services, not their supervisor.
const BACKOFF = { firstMs: 100, longestMs: 500, calmMs: 5_000 };

type Close = () => unknown;

/** Starts a platform of its own with its witness, people and goods. If that fails, ends what it started and throws. */
export async function openWorld(options: WorldOptions, surroundings: Surroundings): Promise<World> {
  const opened: Close[] = [];
  const close = async () => {
    for (const each of opened.splice(0).toReversed()) await each();
  };
  try {
    return await furnishedWorld(options, surroundings, (each) => opened.push(each), close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function furnishedWorld(
  options: WorldOptions,
  { signal, say, keep, root }: Surroundings,
  atEnd: (close: Close) => void,
  close: () => Promise<void>,
): Promise<World> {
  const witness = new Witness();
  await witness.open();
  atEnd(() => witness.close());
  const folder = await temporaryFolder('chaos');
  atEnd(() => (keep ? keepFolder(folder.path, say) : folder.remove()));
  const links = new LinkTable();
  atEnd(() => links.close());
  const platform = await startPlatform({
    dataDir: folder.path,
    ports: 'free',
    durable: false,
    quiet: true,
    backoff: BACKOFF,
    signal,
    ...(root !== undefined && { root }),
    env: { RATE_LIMIT_PERCENT: '100000', PAYMENT_PROVIDER_URL: witness.url, LOG_LEVEL: 'warn', ...options.env },
    adjust: async (spec) => {
      const linked = options.links === 'none' ? spec : await links.adjust(spec);
      return options.adjust === undefined ? linked : options.adjust(linked);
    },
  });
  atEnd(() => platform.stop());
  const furnished = await options.furnish?.(platform);
  if (furnished?.close !== undefined) atEnd(furnished.close);
  const url = furnished?.url ?? platform.urls.gateway;
  witness.simulator.webhooks.sendTo(`${url}/v1/webhooks/stripe`);

  const shop = new Shop(url, new Recorder());
  atEnd(() => shop.close());
  const people = new People(shop, mintOf(platform.dataDir));
  const goods = new Goods(shop, people.admin);
  const books = new Books(platform);
  atEnd(() => books.close());
  const load = new Load({ shop, people, goods });
  await people.open(signal);
  await load.open();
  const processes = new Processes(platform);
  return new World({ platform, witness, links, processes, shop, people, goods, books, load }, close);
}

/** Under its own name it would be cleared by the next program that looks for what killed runs have left. */
async function keepFolder(path: string, say: (line: string) => void): Promise<void> {
  const kept = join(dirname(path), `kept-${basename(path)}`);
  await rename(path, kept);
  say(`data and logs are kept in ${kept}`);
}
