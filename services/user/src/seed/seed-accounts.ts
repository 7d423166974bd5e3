import { randomUUID } from 'node:crypto';
import { hashPassword, verifyPassword } from '@emporium/auth';
import type { Postgres } from '@emporium/postgres';
import { AccountRepository } from '../accounts/account.repository.ts';
import { openAccount, type Role } from '../accounts/account.ts';

export interface SeedSettings {
  readonly nodeEnv: string;
  /** Replace the documented development passwords, on existing accounts too. */
  readonly adminPassword?: string;
  readonly customerPassword?: string;
}

interface Person {
  email: string;
  name: string;
  role: Role;
  password: string;
  passwordIsGiven: boolean;
}

/** The two accounts of the development shop. Running it again changes nothing but a password that was given anew. */
export async function seedAccounts(postgres: Postgres, settings: SeedSettings): Promise<void> {
  if (settings.nodeEnv === 'production')
    throw new Error('Development accounts have known passwords and are never made in production.');
  for (const person of people(settings)) await seed(postgres, person);
}

const people = ({ adminPassword, customerPassword }: SeedSettings): Person[] => [
  {
    email: 'admin@emporium.test',
    name: 'Ada Admin',
    role: 'admin',
    password: adminPassword ?? 'emporium-admin-development',
    passwordIsGiven: adminPassword !== undefined,
  },
  {
    email: 'customer@emporium.test',
    name: 'Carl Customer',
    role: 'customer',
    password: customerPassword ?? 'emporium-customer-development',
    passwordIsGiven: customerPassword !== undefined,
  },
];

async function seed(postgres: Postgres, person: Person): Promise<void> {
  const accounts = new AccountRepository();
  const known = await accounts.findCredentials(postgres, person.email);
  if (known === undefined) {
    const passwordHash = await hashPassword(person.password);
    const account = openAccount({ ...person, id: randomUUID(), at: new Date() });
    await postgres.transaction((tx) => accounts.insert(tx, account, passwordHash));
  } else if (person.passwordIsGiven && !(await verifyPassword(known.passwordHash, person.password))) {
    const to = await hashPassword(person.password);
    const change = { from: known.passwordHash, to, at: new Date() };
    await postgres.transaction((tx) => accounts.changePassword(tx, known.account.id, change));
  }
}
