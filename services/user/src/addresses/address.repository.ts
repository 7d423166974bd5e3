import { empty, type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Address } from './address.ts';

interface AddressRow {
  id: string;
  account_id: string;
  name: string;
  line1: string;
  line2: string | null;
  city: string;
  postal_code: string;
  country: string;
  created_at: Date;
}

export interface AddressFilter {
  readonly accountId: string;
  readonly after?: { readonly createdAt: Date; readonly id: string };
  readonly limit: number;
}

@Injectable()
export class AddressRepository {
  async insert(tx: Transaction, address: Address): Promise<void> {
    await tx.execute(sql`
      insert into addresses (id, account_id, name, line1, line2, city, postal_code, country, created_at)
      values (
        ${address.id}, ${address.accountId}, ${address.name}, ${address.line1}, ${address.line2 ?? null},
        ${address.city}, ${address.postalCode}, ${address.country}, ${address.createdAt}
      )
    `);
  }

  async count(db: Queryable, accountId: string): Promise<number> {
    const [row] = await db.query<{ count: number }>(sql`
      select count(*)::int as count from addresses where account_id = ${accountId}
    `);
    return row?.count ?? 0;
  }

  /** Newest first. */
  async list(db: Queryable, { accountId, after, limit }: AddressFilter): Promise<Address[]> {
    const rows = await db.query<AddressRow>(sql`
      select id, account_id, name, line1, line2, city, postal_code, country, created_at
        from addresses
       where account_id = ${accountId}
         ${after === undefined ? empty : sql`and (created_at, id) < (${after.createdAt}, ${after.id})`}
       order by created_at desc, id desc
       limit ${limit}
    `);
    return rows.map(toAddress);
  }

  async delete(tx: Transaction, id: string, accountId: string): Promise<boolean> {
    return (await tx.execute(sql`delete from addresses where id = ${id} and account_id = ${accountId}`)) === 1;
  }
}

const toAddress = (row: AddressRow): Address => ({
  id: row.id,
  accountId: row.account_id,
  name: row.name,
  line1: row.line1,
  line2: row.line2 ?? undefined,
  city: row.city,
  postalCode: row.postal_code,
  country: row.country,
  createdAt: row.created_at,
});
