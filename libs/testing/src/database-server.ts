import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jobsMigrations, migrateJobs } from '@emporium/jobs';
import { type MigrationSet, migrate, Postgres, raw, sql } from '@emporium/postgres';

/** Roles as in production: one owns the schema, the other only works with the rows. Shared by all test databases of a server. */
export const roles = { owner: 'emporium_test_owner', app: 'emporium_test_app' } as const;
const password = 'test';

/** One arbitrary number: template databases and roles are made by one process at a time. */
const setupLock = 7_305_112_022;

export function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set: run this spec in the "int" project of vitest.config.ts.');
  return url;
}

/** Address of a database on the test server, as the server's superuser or as one of the roles. */
export function urlOf(database: string, role?: keyof typeof roles): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  if (role !== undefined) {
    url.username = roles[role];
    url.password = password;
  }
  return url.href;
}

/** Runs statements as the server's superuser, outside any test database. */
export async function asAdmin<T>(work: (admin: Postgres) => Promise<T>): Promise<T> {
  // Cloning a template takes seconds on a machine that runs eight spec files at once.
  const patience = {
    connectTimeoutMs: 30_000,
    statementTimeoutMs: 60_000,
    lockTimeoutMs: 60_000,
    idleInTransactionTimeoutMs: 120_000,
  };
  const admin = new Postgres({ url: serverUrl(), applicationName: 'testing', max: 2, min: 0, ...patience });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

export interface TemplateOptions {
  migrations: readonly MigrationSet[];
  jobs: boolean;
}

/** Name of a database with these migrations, made at most once per server and content, to be cloned per spec file. */
export async function templateFor(admin: Postgres, options: TemplateOptions): Promise<string> {
  const name = `template_${await hashOf(options)}`;
  if (await exists(admin, name)) return name;

  await admin.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${setupLock})`);
    if (await exists(admin, name)) return;
    await createRoles(admin);
    const draft = `${name}_draft`;
    await admin.execute(raw(`drop database if exists ${draft} with (force)`));
    await admin.execute(raw(`create database ${draft} owner ${roles.owner}`));
    await migrateTemplate(urlOf(draft, 'owner'), options);
    // Only a finished template bears the name others look for.
    await admin.execute(raw(`alter database ${draft} rename to ${name}`));
  });
  return name;
}

/** A fresh copy of the template, owned by the owner role. */
export async function createDatabase(name: string, options: TemplateOptions): Promise<void> {
  await asAdmin(async (admin) => {
    const dataset = await datasetFor(admin, options);
    const template = dataset === undefined ? await templateFor(admin, options) : `${dataset} strategy file_copy`;
    await admin.execute(raw(`create database ${name} template ${template} owner ${roles.owner}`));
  });
}

/**
 * For `npm run explain`: instead of an empty database a copy of one that is full. `EXPLAIN_DATASETS` names it by the service whose migrations
 * these are; its rows belong to the roles of the runner, which ours then act as.
 */
async function datasetFor(admin: Postgres, { migrations }: TemplateOptions): Promise<string | undefined> {
  const datasets = JSON.parse(process.env.EXPLAIN_DATASETS || '{}') as Record<string, string>;
  const service = migrations.at(-1)?.name ?? '';
  const dataset = datasets[service];
  if (dataset === undefined) return undefined;
  await admin.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${setupLock})`);
    await createRoles(admin);
    for (const [name, role] of Object.entries(roles)) await admin.execute(raw(`grant ${service}_${name} to ${role}`));
  });
  return dataset;
}

/** Drops the database in any case, and raises when something was still connected: a leaked connection is a bug. */
export async function dropDatabase(name: string): Promise<void> {
  await asAdmin(async (admin) => {
    const leaks = await connectionsTo(admin, name);
    await admin.execute(raw(`drop database if exists ${name} with (force)`));
    if (leaks.length > 0) throw new Error(`Still connected to ${name} at the end of the spec: ${leaks.join(', ')}.`);
  });
}

/** Those who stay: a backend needs a moment to notice that its client has gone. */
async function connectionsTo(admin: Postgres, database: string): Promise<string[]> {
  for (let left = 40; ; left -= 1) {
    const rows = await admin.query<{ application_name: string }>(sql`
      select application_name from pg_stat_activity where datname = ${database} and backend_type = 'client backend'
    `);
    if (rows.length === 0 || left === 0) return rows.map((row) => row.application_name);
    await sleep(50);
  }
}

async function migrateTemplate(url: string, { migrations, jobs }: TemplateOptions): Promise<void> {
  await migrate({ url, migrations, direction: 'up', appRole: roles.app });
  if (jobs) await migrateJobs({ url, appRole: roles.app });
}

async function exists(admin: Postgres, name: string): Promise<boolean> {
  return (await admin.query(sql`select 1 from pg_database where datname = ${name}`)).length === 1;
}

async function createRoles(admin: Postgres): Promise<void> {
  for (const role of Object.values(roles)) {
    const known = await admin.query(sql`select 1 from pg_roles where rolname = ${role}`);
    if (known.length === 0) await admin.execute(raw(`create role ${role} login password '${password}'`));
  }
}

async function hashOf({ migrations, jobs }: TemplateOptions): Promise<string> {
  const hash = createHash('sha256').update(`jobs:${jobs}`);
  for (const { name, directory } of jobs ? [...migrations, jobsMigrations] : migrations) {
    const path = directory instanceof URL ? fileURLToPath(directory) : directory;
    for (const file of (await readdir(path)).sort()) hash.update(`${name}/${file}:`).update(await readFile(`${path}/${file}`));
  }
  return hash.digest('hex').slice(0, 16);
}
