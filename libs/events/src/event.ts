import type { Transaction } from '@emporium/postgres';
import { z } from 'zod';

/** What `defineEvent` of the contracts makes: the name with its version, and the shape of the data. */
export interface EventContract<S extends z.ZodType = z.ZodType> {
  readonly type: string;
  readonly schema: S;
}

export const eventEnvelope = z.object({
  id: z.uuid(),
  type: z.string().regex(/^[a-z-]+(\.[a-z-]+)+\.v\d+$/),
  key: z.string(),
  occurredAt: z.iso.datetime(),
  data: z.unknown(),
  requestId: z.string().optional(),
  traceparent: z.string().optional(),
  onlyFor: z.string().optional(),
});

/**
 * An event on its way: the fact (`data`) and how it came to be. `key` is what the fact is about, for example the order's id.
 * `onlyFor` names the one group that is meant when a dead letter is sent again.
 */
export type EventEnvelope = z.infer<typeof eventEnvelope>;

/** What a service does about one type of event. Made by `on`. */
export interface EventHandler {
  readonly type: string;
  handle(tx: Transaction, envelope: EventEnvelope): Promise<void>;
  /** Many at once, if it knows how. What fails is handled again, one by one. */
  handleAll?(tx: Transaction, envelopes: readonly EventEnvelope[]): Promise<void>;
}

/**
 * Ties a contract to what is done about it. The work runs in the transaction that also marks the event as seen, so it happens once.
 * Does not promise an order between events, not even of one key: a retried event comes after later ones.
 * The work may run again after a rollback, so it must not do anything outside the transaction.
 */
export function on<S extends z.ZodType>(
  event: EventContract<S>,
  work: (tx: Transaction, data: z.output<S>, envelope: EventEnvelope) => Promise<void>,
  /** The same for many events in one transaction: of a crowd, each costs a fraction. In the context of none of them. */
  workOnAll?: (tx: Transaction, data: z.output<S>[]) => Promise<void>,
): EventHandler {
  return {
    type: event.type,
    handle: async (tx, envelope) => work(tx, event.schema.parse(envelope.data), envelope),
    ...(workOnAll && {
      handleAll: async (tx, envelopes) =>
        workOnAll(
          tx,
          envelopes.map(({ data }) => event.schema.parse(data)),
        ),
    }),
  };
}

/** Stream of an event type: `order.confirmed.v1` travels on `order.events`. */
export const streamOf = (type: string): string => `${type.slice(0, type.indexOf('.'))}.events`;
