import {
  type LedgerBalancesResponse,
  type LedgerEntryResponse,
  type LedgerQuery,
  type LedgerResponse,
  ledgerBalancesResponse,
  ledgerQuery,
  ledgerResponse,
} from '@emporium/contracts/payment';
import { Answers, Roles } from '@emporium/service-defaults';
import { Controller, Get, Query } from '@nestjs/common';
import { LedgerService } from './ledger.service.ts';
import type { LedgerEntry } from './ledger.ts';

@Controller('v1/admin/ledger')
export class LedgerController {
  constructor(private readonly ledger: LedgerService) {}

  @Get()
  @Roles('admin')
  @Answers(200, ledgerResponse, 'Entries, newest first.')
  async list(@Query({ schema: ledgerQuery }) query: LedgerQuery): Promise<LedgerResponse> {
    const { entries, nextCursor } = await this.ledger.page(query);
    return { entries: entries.map(toResponse), nextCursor };
  }

  @Get('balances')
  @Roles('admin')
  @Answers(200, ledgerBalancesResponse, 'What each account holds.')
  balances(): Promise<LedgerBalancesResponse> {
    return this.ledger.balances();
  }
}

const toResponse = (entry: LedgerEntry): LedgerEntryResponse => ({
  id: entry.id,
  account: entry.account,
  amount: entry.amount.amount,
  currency: entry.amount.currency,
  orderId: entry.orderId,
  paymentId: entry.paymentId,
  reason: entry.reason,
  at: entry.at.toISOString(),
});
