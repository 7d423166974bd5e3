import { quoteResponse, reservationResponse } from '@emporium/contracts/product';
import { AppError } from '@emporium/errors';
import type { HttpClient } from '@emporium/http-client';
import type { Money } from '@emporium/money';

export interface Quote {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

interface Quotation {
  readonly lines: Quote[];
  /** Ids of products that are not on sale. */
  readonly gone: string[];
}

interface WantedItem {
  readonly productId: string;
  readonly quantity: number;
}

/** The product service as the order service needs it: prices, and units set aside for an order. Every call may be repeated. */
export class ProductClient {
  constructor(private readonly http: HttpClient) {}

  /** Today's prices of everything wanted, or which of it is not on sale. */
  async quote(items: readonly WantedItem[]): Promise<Quotation> {
    try {
      const { lines } = await this.http.post('/internal/quotes', { items }, quoteResponse, { idempotent: true });
      return { lines, gone: [] };
    } catch (error) {
      const gone = unknownProducts(error, items);
      if (gone.length === 0) throw error;
      return { lines: [], gone };
    }
  }

  /** Today's prices of what is on sale, and what is not. Products may leave the catalogue between two questions. */
  async quoteAvailable(items: readonly WantedItem[]): Promise<Quotation> {
    const gone: string[] = [];
    for (let rest = items; rest.length > 0; rest = items.filter((item) => !gone.includes(item.productId))) {
      const answer = await this.quote(rest);
      if (answer.gone.length === 0) return { lines: answer.lines, gone };
      gone.push(...answer.gone);
    }
    return { lines: [], gone };
  }

  async reserve(orderId: string, items: readonly WantedItem[]): Promise<void> {
    const wanted = items.map(({ productId, quantity }) => ({ productId, quantity }));
    await this.http.put(`/internal/reservations/${orderId}`, { items: wanted }, reservationResponse);
  }

  commit = (orderId: string): Promise<void> => this.step(orderId, 'commit');

  release = (orderId: string): Promise<void> => this.step(orderId, 'release');

  /** Of a sale that the product service has forgotten (after 90 days) the units stay sold: no repetition would change that. */
  async putBack(orderId: string): Promise<void> {
    try {
      await this.step(orderId, 'return');
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'reservation-unknown') throw error;
    }
  }

  private async step(orderId: string, step: 'commit' | 'release' | 'return'): Promise<void> {
    await this.http.post(`/internal/reservations/${orderId}/${step}`, {}, reservationResponse, { idempotent: true });
  }
}

function unknownProducts(error: unknown, items: readonly WantedItem[]): string[] {
  if (!(error instanceof AppError) || error.kind !== 'invalid') return [];
  return (error.errors ?? []).flatMap(({ field }) => {
    const index = /^items\.(\d+)\.productId$/.exec(field)?.[1];
    const item = index === undefined ? undefined : items[Number(index)];
    return item === undefined ? [] : [item.productId];
  });
}
