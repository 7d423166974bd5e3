import type { Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { PopularityRepository } from './popularity.repository.ts';

interface Units {
  readonly productId: string;
  readonly quantity: number;
}

/** What sells moves up in `sort=popular`. Runs in the inbox's transaction, so that each order counts once. */
@Injectable()
export class PopularityService {
  constructor(private readonly popularity: PopularityRepository) {}

  async sold(tx: Transaction, items: readonly Units[]): Promise<void> {
    await this.popularity.add(tx, items);
  }

  async takenBack(tx: Transaction, items: readonly Units[]): Promise<void> {
    await this.popularity.add(
      tx,
      items.map(({ productId, quantity }) => ({ productId, quantity: -quantity })),
    );
  }
}
