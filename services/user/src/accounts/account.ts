export type Role = 'customer' | 'support' | 'admin';

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An account with what proves who owns it. Never leaves the service. */
export interface Credentials {
  readonly account: Account;
  readonly passwordHash: string;
}

/** The one form in which an address is stored and compared. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

export function openAccount(draft: { id: string; email: string; name: string; role?: Role; at: Date }): Account {
  const { id, email, name, role = 'customer', at } = draft;
  return { id, email: normaliseEmail(email), name, role, createdAt: at, updatedAt: at };
}
