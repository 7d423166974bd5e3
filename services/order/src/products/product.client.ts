import { type QuoteResponse, quoteResponse, reservationResponse } from '@emporium/contracts/product';
import { AppError } from '@emporium/errors';
import type { HttpClient } from '@emporium/http-client';
import type { Money } from '@emporium/money';

export interface Quote {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

interface WantedItem {
  readonly productId: string;
  readonly quantity: number;
}

/** The product service as the order service needs it: prices, and units set aside for an order. Every call may be repeated. */
export class ProductClient {
  constructor(private readonly http: HttpClient) {}

  /** @throws AppError `invalid-request` naming the unknown products as `items.N.productId` */
  async quote(items: readonly WantedItem[]): Promise<Quote[]> {
    const answer: QuoteResponse = await this.http.post('/internal/quotes', { items }, quoteResponse, { idempotent: true });
    return answer.lines;
  }

  /** As `quote`, but products that left the catalogue are named instead of refused. */
  async quoteAvailable(items: readonly WantedItem[]): Promise<{ lines: Quote[]; gone: string[] }> {
    if (items.length === 0) return { lines: [], gone: [] };
    try {
      return { lines: await this.quote(items), gone: [] };
    } catch (error) {
      const gone = unknownProducts(error, items);
      if (gone.length === 0) throw error;
      const rest = items.filter((item) => !gone.includes(item.productId));
      return { lines: rest.length === 0 ? [] : await this.quote(rest), gone };
    }
  }

  async reserve(orderId: string, items: readonly WantedItem[]): Promise<void> {
    const wanted = items.map(({ productId, quantity }) => ({ productId, quantity }));
    await this.http.put(`/internal/reservations/${orderId}`, { items: wanted }, reservationResponse);
  }

  commit = (orderId: string): Promise<void> => this.step(orderId, 'commit');

  release = (orderId: string): Promise<void> => this.step(orderId, 'release');

  putBack = (orderId: string): Promise<void> => this.step(orderId, 'return');

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
