import { z } from 'zod';
import { id } from './primitives.ts';

/** One place where two sets of books disagree, as the service found it that keeps one of them. */
export const difference = z.object({
  kind: z.string(),
  /** The order; of `stock-differs` the product. */
  subjectId: id,
  /** Tells two of one kind and subject apart: a charge, a refund. Empty where there can be one only. */
  reference: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Put right by the step that should have done it. */
  repaired: z.boolean(),
});

export type Difference = z.infer<typeof difference>;
