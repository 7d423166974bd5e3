import { randomUUID } from 'node:crypto';
import { Postgres } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { AccountService } from '../accounts/account.service.ts';
import { addressNotFound, tooManyAddresses } from './address.errors.ts';
import { type AddressFilter, AddressRepository } from './address.repository.ts';
import { type Address, mostAddresses } from './address.ts';

@Injectable()
export class AddressService {
  constructor(
    private readonly postgres: Postgres,
    private readonly addresses: AddressRepository,
    private readonly accounts: AccountService,
  ) {}

  async add(accountId: string, draft: Omit<Address, 'id' | 'accountId' | 'createdAt'>): Promise<Address> {
    const address = { ...draft, id: randomUUID(), accountId, createdAt: new Date() };
    await this.postgres.transaction(async (tx) => {
      // Counting and adding are two steps: those of one account wait for each other here.
      await this.accounts.lock(tx, accountId);
      if ((await this.addresses.count(tx, accountId)) >= mostAddresses) throw tooManyAddresses(mostAddresses);
      await this.addresses.insert(tx, address);
    });
    return address;
  }

  list(filter: AddressFilter): Promise<Address[]> {
    return this.addresses.list(this.postgres, filter);
  }

  async delete(accountId: string, id: string): Promise<void> {
    const deleted = await this.postgres.transaction((tx) => this.addresses.delete(tx, id, accountId));
    if (!deleted) throw addressNotFound(id);
  }
}
