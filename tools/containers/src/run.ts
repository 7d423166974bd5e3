import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checklist } from './checklist.ts';
import { attempt, run } from './command.ts';
import { isTask, networksOf, secretsInSight, serviceOf, strangePorts, wrongWithContainer } from './container.ts';
import { FrontDoor, smallLoad } from './front-door.ts';
import { type LockFile, strangePackages, tooLarge, wrongWithConfig } from './image.rules.ts';
import { IMAGES, lookAt, SERVICES } from './image.ts';
import { Project } from './project.ts';
import { type Figures, noFigures } from './report.ts';

const LIMITS = { allMegabytes: 250, ownMegabytes: 40 };
const MEMORY_LIMIT_BYTES = 1.75e9;
const STOP_SECONDS = 15;
const TAG = 'containers-test';

export interface World {
  readonly root: string;
  readonly list: Checklist;
  readonly say: (line: string) => void;
}

/** The whole test. What it started is taken down again, however it ends. */
export async function testContainers(world: World): Promise<Figures> {
  const figures = noFigures();
  const secrets = mkdtempSync(join(tmpdir(), 'emporium-secrets-'));
  const port = await freePort();
  const env = { SECRETS: secrets, TAG, GATEWAY_PORT: String(port), COMPOSE_FILE: 'docker-compose.yml', COMPOSE_PROFILES: '' };
  const project = new Project({ name: `emporium-test-${process.pid}`, root: world.root, env });
  try {
    await buildImages(world, figures);
    await checkImages(world, figures);
    await run(process.execPath, [join(world.root, 'deploy/compose/make-secrets.mjs'), secrets]);
    await runPlatform({ ...world, figures, project, port, secrets });
  } finally {
    await world.list.proves('down --volumes ends', () => project.down());
    world.list.none('and leaves no container, volume or network', await project.leftovers());
    await attempt('docker', ['image', 'rm', ...IMAGES.map((name) => `emporium/${name}:${TAG}`)]);
    rmSync(secrets, { recursive: true });
  }
  return figures;
}

async function buildImages({ root, say }: World, figures: Figures): Promise<void> {
  say('… building six images');
  const began = performance.now();
  await run('docker', ['buildx', 'bake', '--file', join(root, 'docker-bake.hcl'), '--set', `*.context=${root}`], {
    env: { TAG },
  });
  figures.buildSeconds = (performance.now() - began) / 1_000;
}

async function checkImages({ root, list }: World, figures: Figures): Promise<void> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  for (const name of IMAGES) {
    const image = await lookAt(name, TAG);
    figures.images.push(image);
    list.none(`${name}: a number as its user, no shell, a read-only root, health check, signal, labels`, wrongWithConfig(image));
    list.none(`${name}: no package that is for development`, strangePackages(image, lock));
    const least = name === 'stripe-simulator' ? 20 : 150;
    list.holds(`${name}: its packages were seen`, image.inside.packages.length >= least, `${image.inside.packages.length}`);
    list.none(`${name}: ≤ ${LIMITS.allMegabytes} MB, ≤ ${LIMITS.ownMegabytes} of it ours`, tooLarge(image, LIMITS));
  }
}

interface Running extends World {
  readonly figures: Figures;
  readonly project: Project;
  readonly port: number;
  readonly secrets: string;
}

async function runPlatform(running: Running): Promise<void> {
  const { list, project, figures, port, say } = running;
  const shop = new FrontDoor(`http://127.0.0.1:${port}`);
  say('… starting the platform');
  figures.readySeconds = await list.proves('docker compose up: everything becomes healthy', () => project.up());
  if (figures.readySeconds === undefined) return;
  figures.firstPurchaseSeconds = await list.proves('a purchase through the front door is 201, confirmed', async () => {
    await shop.signIn();
    const began = performance.now();
    await shop.buy();
    return (performance.now() - began) / 1_000;
  });
  await checkContainers(running);
  await checkNetworks(running);
  figures.atRest = await project.memory();
  await list.proves('400 lists and 40 purchases are all answered', () => smallLoad(shop, { lists: 400, purchases: 40 }));
  figures.afterLoad = await project.memory();
  for (const service of ['order', 'gateway', 'postgres', 'redis']) await checkHealing(running, shop, service);
  await list.proves('a second up changes nothing, migrations and seeds included', () => project.up());
  await list.proves('a purchase works after it', () => shop.buySoon(10_000));
  await checkStopping(running);
}

async function checkContainers({ list, project, port, secrets }: Running): Promise<void> {
  const containers = await project.containers();
  list.holds('there are 14 containers, 6 of them with work that ends', containers.length === 14, `${containers.length}`);
  list.none('each: numeric user, read-only root, no capabilities, limits', containers.flatMap(wrongWithContainer));
  const failed = containers.filter((container) => isTask(container) && container.State.ExitCode !== 0);
  list.none('migrations and seeds ended with 0', failed.map(serviceOf));
  const limit = containers.filter((each) => !isTask(each)).reduce((sum, { HostConfig }) => sum + HostConfig.Memory, 0);
  list.holds(
    `memory limits add up to ≤ 1.75 GB (${(limit / 1e6).toFixed(0)} MB)`,
    limit <= MEMORY_LIMIT_BYTES,
    `${limit / 1e9} GB`,
  );
  list.none("no port but the gateway's, on 127.0.0.1", strangePorts(containers, { service: 'gateway', port }));
  const texts = readdirSync(secrets).flatMap((file) => readFileSync(join(secrets, file), 'utf8').trim().split(/\s+/));
  const known = texts.filter((text) => text.length >= 24 && !text.includes('_owner') && !text.includes('_app'));
  list.none('no secret stands in a variable', secretsInSight(containers, known));
  list.holds('and many secrets were looked for', known.length >= 15, `${known.length}`);
}

async function checkNetworks({ list, project }: Running): Promise<void> {
  const containers = await project.containers();
  const wanted = {
    gateway: 'cache edge services',
    postgres: 'data',
    redis: 'cache',
    provider: 'services',
    user: 'data services',
  };
  const wrong = Object.entries(wanted).filter(([service, on]) => networksOf(containers, service, project.name).join(' ') !== on);
  list.none(
    'each is on its networks only',
    wrong.map(([service, on]) => `${service} is not on exactly: ${on}`),
  );
  const reaches = (host: string, port: number) =>
    `require('net').connect({host:'${host}',port:${port},timeout:2000}).on('connect',()=>process.exit(0)).on('timeout',()=>process.exit(1)).on('error',()=>process.exit(1))`;
  list.holds('order reaches the database', await project.runsIn('order', reaches('postgres', 5432)), 'it does not');
  list.holds('the gateway does not', !(await project.runsIn('gateway', reaches('postgres', 5432))), 'it does');
  list.holds('the provider does not reach Redis', !(await project.runsIn('provider', reaches('redis', 6379))), 'it does');
  const write = "require('fs').writeFileSync('/app/probe','')";
  list.holds('a service cannot write to its own files', !(await project.runsIn('order', write)), 'it can');
}

async function checkHealing({ list, project, figures }: Running, shop: FrontDoor, service: string): Promise<void> {
  await list.proves(`${service} killed: it heals, and buying works again`, async () => {
    const { State } = await project.container(service);
    await project.crash(service, `emporium/order:${TAG}`);
    figures.healedSeconds.set(service, await shop.buySoon(60_000));
    await project.healed(service, State.Pid);
    await shop.buySoon(10_000);
  });
}

async function checkStopping({ list, project, figures }: Running): Promise<void> {
  for (const service of [...SERVICES, 'provider']) {
    const { code, seconds } = await project.stop(service, STOP_SECONDS);
    figures.stopSeconds.set(service, seconds);
    list.holds(
      `${service} ends with 0 on SIGTERM within ${STOP_SECONDS} s`,
      code === 0 && seconds < STOP_SECONDS,
      `${code}, ${seconds} s`,
    );
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
