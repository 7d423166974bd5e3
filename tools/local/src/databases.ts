import { Postgres, raw, sql } from '@emporium/postgres';
import { messageOf, StartError } from './errors.ts';

export const DATABASE_OWNERS = ['user', 'product', 'order', 'payment'] as const;
export type DatabaseOwner = (typeof DATABASE_OWNERS)[number];

/** What was done to a database already, as a text that only has to be compared. Kept in the database's comment, so it goes where the data goes. */
export interface Done {
  readonly migrations?: string;
  readonly seed?: string;
}

/** The administrator's view: databases and roles, not tables. */
export class Databases {
  readonly #admin: Postgres;

  constructor(
    private readonly adminUrl: string,
    private readonly rolePassword: string,
  ) {
    this.#admin = new Postgres({
      url: adminUrl,
      applicationName: 'emporium-runner',
      min: 0,
      max: 1,
      statementTimeoutMs: 60_000,
      lockTimeoutMs: 10_000,
    });
  }

  /** Creates what is missing of the four databases, each with a role that owns it and a role for the application. */
  async prepare(): Promise<void> {
    try {
      for (const name of DATABASE_OWNERS) await this.prepareOne(name);
    } catch (error) {
      throw new StartError(`The databases cannot be prepared on ${withoutPassword(this.adminUrl)}: ${reasonOf(error)}`);
    }
  }

  ownerUrl = (name: DatabaseOwner) => this.url(name, `${name}_owner`);
  appUrl = (name: DatabaseOwner) => this.url(name, `${name}_app`);

  async done(name: DatabaseOwner): Promise<Done> {
    const [row] = await this.#admin.query<{ comment: string | null }>(sql`
      select shobj_description(d.oid, 'pg_database') as comment from pg_database d where d.datname = ${`${name}_db`}
    `);
    return row?.comment?.startsWith('{') ? (JSON.parse(row.comment) as Done) : {};
  }

  async note(name: DatabaseOwner, done: Done): Promise<void> {
    const all = { ...(await this.done(name)), ...done };
    await this.#admin.execute(raw(`comment on database ${name}_db is '${JSON.stringify(all).replaceAll("'", "''")}'`));
  }

  close(): Promise<void> {
    return this.#admin.close();
  }

  private async prepareOne(name: DatabaseOwner): Promise<void> {
    for (const role of [`${name}_owner`, `${name}_app`]) await this.prepareRole(role);
    const [existing] = await this.#admin.query(sql`select from pg_database where datname = ${`${name}_db`}`);
    if (existing !== undefined) return;
    // An administrator who is not a superuser may give a database only to a role he belongs to.
    await this.#admin.execute(raw(`grant ${name}_owner to current_user`));
    await this.#admin.execute(raw(`create database ${name}_db owner ${name}_owner`));
    await this.#admin.execute(raw(`revoke all on database ${name}_db from public`));
    await this.#admin.execute(raw(`grant connect on database ${name}_db to ${name}_app`));
  }

  private async prepareRole(role: string): Promise<void> {
    const [existing] = await this.#admin.query(sql`select from pg_roles where rolname = ${role}`);
    await this.#admin.execute(raw(`${existing ? 'alter' : 'create'} role ${role} login password '${this.rolePassword}'`));
  }

  private url(name: DatabaseOwner, role: string): string {
    const url = new URL(this.adminUrl);
    url.pathname = `/${name}_db`;
    url.username = role;
    url.password = this.rolePassword;
    return url.href;
  }
}

/** The database's own words lie below the error that a service would answer with. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  url.password = '';
  return url.href;
}
