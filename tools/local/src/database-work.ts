import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_OWNERS, type DatabaseOwner, type Databases } from './databases.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Surroundings, serviceEnvironment } from './services.ts';
import { runTask, type Task } from './task.ts';

export interface DatabaseWork {
  readonly databases: Databases;
  readonly surroundings: Surroundings;
  readonly logFile: (name: string) => string;
  readonly signal: AbortSignal;
}

/** Brings each database to the newest migration; those that are there already cost one query. Returns which were changed. */
export async function migrateAll(work: DatabaseWork): Promise<DatabaseOwner[]> {
  return forThoseNotDone(work, 'migrations', DATABASE_OWNERS, migrationsOf, migrationTask);
}

/** Fills the databases that have a seed, once; again only when the seed itself or its settings change. */
export async function seedAll(work: DatabaseWork): Promise<DatabaseOwner[]> {
  const { root, environment } = work.surroundings;
  if (environment.NODE_ENV === 'production') return [];
  const seeded = DATABASE_OWNERS.filter((name) => existsSync(join(root, 'services', name, 'dist/seed.js')));
  return forThoseNotDone(work, 'seed', seeded, seedOf, seedTask);
}

type What = 'migrations' | 'seed';

async function forThoseNotDone(
  work: DatabaseWork,
  what: What,
  names: readonly DatabaseOwner[],
  wanted: (name: DatabaseOwner, surroundings: Surroundings) => string,
  task: (name: DatabaseOwner, work: DatabaseWork) => Task,
): Promise<DatabaseOwner[]> {
  const done = await Promise.all(names.map((name) => work.databases.done(name)));
  const open = names.filter((name, index) => done[index]?.[what] !== wanted(name, work.surroundings));
  await Promise.all(open.map((name) => runTask(task(name, work), work.logFile(`${name}-${what}`), work.signal)));
  // One after another: each note is a read and a write, and the runner has one connection.
  for (const name of open) await work.databases.note(name, { [what]: wanted(name, work.surroundings) });
  return open;
}

function migrationsOf(name: DatabaseOwner, { root }: Surroundings): string {
  return fingerprintOf(root, [
    `services/${name}/migrations/**`,
    `services/${name}/dist/migrat*.js`,
    'libs/*/migrations/**',
    'libs/{postgres,jobs}/dist/**/*.js',
    'node_modules/graphile-worker/package.json',
  ]);
}

function seedOf(name: DatabaseOwner, { root, environment, keys }: Surroundings): string {
  // The password is mixed in so that the comment, which every role can read, says nothing about the settings.
  return fingerprintOf(
    root,
    [`services/${name}/dist/seed.js`],
    keys.rolePassword,
    ...Object.values(seedSettings(environment)).map(String),
  );
}

function migrationTask(name: DatabaseOwner, { databases, surroundings }: DatabaseWork): Task {
  const environment = {
    ...serviceEnvironment(name, surroundings),
    DATABASE_URL: databases.ownerUrl(name),
    APP_ROLE: `${name}_app`,
  };
  return nodeTask(`The migration of ${name}`, name, 'dist/migrate.js', surroundings, environment);
}

function seedTask(name: DatabaseOwner, { surroundings }: DatabaseWork): Task {
  const environment = { ...serviceEnvironment(name, surroundings), ...seedSettings(surroundings.environment) };
  return nodeTask(`The seed of ${name}`, name, 'dist/seed.js', surroundings, environment);
}

function nodeTask(title: string, service: string, file: string, { root }: Surroundings, env: NodeJS.ProcessEnv): Task {
  return { name: title, command: process.execPath, args: [file], cwd: join(root, 'services', service), env };
}

function seedSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name, value]) => name.startsWith('SEED_') && value));
}
