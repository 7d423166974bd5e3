import type { Money } from '@emporium/money';

export type StatementKind = 'charge' | 'refund';

/** One charge or refund as the provider tells it. What carries no label of ours has no order. */
export interface StatementLine {
  readonly kind: StatementKind;
  readonly reference: string;
  readonly orderId: string | undefined;
  /** Of a refund: our own id of it. */
  readonly refundId: string | undefined;
  /** Of a refund: the charge it takes from. */
  readonly chargeReference: string | undefined;
  readonly amount: Money;
  /** `failed`: no money moved, or it came back. A refund that is `pending` has left our balance. */
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly createdAt: Date;
}

export interface StatementQuery {
  readonly kind: StatementKind;
  readonly since: Date;
  /** Exclusive. */
  readonly until: Date;
  /** Reference of the last line of the page before. */
  readonly after?: string | undefined;
}

/** The provider's own books, to compare ours with. Raises AppError 'unavailable' or 'timeout' when it does not say. */
export abstract class ProviderStatement {
  /** Newest first; `next` is undefined on the last page. */
  abstract page(query: StatementQuery): Promise<{ lines: StatementLine[]; next: string | undefined }>;

  /** Undefined: the provider knows no such charge or refund. */
  abstract find(kind: StatementKind, reference: string): Promise<StatementLine | undefined>;
}
