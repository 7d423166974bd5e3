import { randomBytes } from 'node:crypto';
import { exclusively, type MigrationSet, Postgres } from '@emporium/postgres';
import { afterAll, beforeAll } from 'vitest';
import { createDatabase, dropDatabase, urlOf } from './database-server.ts';

export interface TestDatabaseOptions {
  /** Default: none. */
  migrations?: readonly MigrationSet[];
  /** Whether the job queue's tables are needed. */
  jobs?: boolean;
}

/** A database of the spec's own, used as the application's role: what it cannot do here it cannot do in production. */
export class TestDatabase extends Postgres {
  /** As the application's role: what a service gets. */
  readonly url: string;
  /** As the owner of the schema: for migrations and table definitions in a spec. */
  readonly ownerUrl: string;
  /** As the server's superuser: to end connections and look at other sessions. */
  readonly adminUrl: string;

  constructor(readonly database: string) {
    const url = urlOf(database, 'app');
    // Specs race dozens of callers on a busy machine: patience where production has none, limits where production has them.
    const statementTimeoutMs = process.env.EXPLAIN_DATASETS === undefined ? 10_000 : 120_000;
    super({ url, applicationName: 'spec', min: 0, connectTimeoutMs: 15_000, lockTimeoutMs: 5_000, statementTimeoutMs });
    this.url = url;
    this.ownerUrl = urlOf(database, 'owner');
    this.adminUrl = urlOf(database);
  }

  /** Runs table definitions as the schema's owner; the application's role may use what they make. */
  async define(text: string): Promise<void> {
    await exclusively(this.ownerUrl, (client) => client.query(text));
  }
}

/**
 * A migrated database for one spec file: cloned from a template before its tests, dropped after them. Call it inside `describe`.
 * The spec fails when something is still connected at the end: a leaked connection is a bug.
 */
export function testDatabase(name: string, options: TestDatabaseOptions = {}): TestDatabase {
  // Postgres cuts names at 63 bytes.
  const readable = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '_')
    .slice(0, 40);
  const database = new TestDatabase(`test_${readable}_${randomBytes(5).toString('hex')}`);

  beforeAll(async () => {
    await createDatabase(database.database, { migrations: options.migrations ?? [], jobs: options.jobs ?? false });
  }, 120_000);

  afterAll(async () => {
    await database.close();
    await dropDatabase(database.database);
  }, 60_000);

  return database;
}
