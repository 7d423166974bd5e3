import { movedReservationsResponse, reservationsResponse, stockDifferencesResponse } from '@emporium/contracts/product';
import type { HttpClient } from '@emporium/http-client';
import type { ReservationFacts } from './disagreement.ts';
import type { Told } from './payment-books.client.ts';
import type { Window } from './run.ts';

export interface Reservations {
  readonly reservations: ReadonlyMap<string, ReservationFacts & { readonly updatedAt: Date }>;
  readonly forgottenBefore: Date;
}

/** The sums of a hundred products go over every sale of them that is kept. Nobody waits for it. */
const timeoutMs = 15_000;
const path = '/internal/reconciliation';

/** Reservations and the books of stock, page by page. Every call may be repeated. */
export class ProductBooksClient {
  constructor(private readonly http: HttpClient) {}

  async movedReservations(
    { since, until }: Window,
    cursor: string | undefined,
  ): Promise<{ orderIds: string[]; productIds: string[]; nextCursor: string | null }> {
    const window = { since: since.toISOString(), until: until.toISOString() };
    const query = new URLSearchParams({ ...window, ...(cursor !== undefined && { cursor }) });
    return this.http.get(`${path}/reservations?${query}`, movedReservationsResponse, { timeoutMs });
  }

  async reservations(orderIds: readonly string[]): Promise<Reservations> {
    const options = { idempotent: true, timeoutMs };
    const answer = await this.http.post(`${path}/reservations`, { orderIds }, reservationsResponse, options);
    return {
      reservations: new Map(
        answer.reservations.map(({ orderId, status, items, updatedAt }) => [
          orderId,
          { status, lines: items, updatedAt: new Date(updatedAt) },
        ]),
      ),
      forgottenBefore: new Date(answer.forgottenBefore),
    };
  }

  async stockDifferences(productIds: readonly string[]): Promise<Told[]> {
    const options = { idempotent: true, timeoutMs };
    return (await this.http.post(`${path}/stock`, { productIds }, stockDifferencesResponse, options)).differences;
  }

  /** Has reservations released that the clock should have released; tells which those were. */
  async releaseOverdue(): Promise<Told[]> {
    return (await this.http.post(`${path}/overdue`, {}, stockDifferencesResponse, { idempotent: true, timeoutMs })).differences;
  }
}
