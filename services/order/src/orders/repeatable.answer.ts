import { AppError, type ErrorKind, toProblem } from '@emporium/errors';
import type { StoredAnswer } from '@emporium/idempotency';
import { type Answer, answer } from '@emporium/service-defaults';
import { currentContext } from '@emporium/telemetry';

/** An answer that is kept with an Idempotency-Key. */
export interface KeptAnswer extends StoredAnswer {
  readonly body: object;
}

export type ToldAnswer = StoredAnswer & { readonly replayed: boolean };

/** The answer of a request with an Idempotency-Key; one that was given before says so. */
export const repeatable = ({ status, body, replayed }: ToldAnswer, headers: Record<string, string> = {}): Answer =>
  answer(status, body, {
    ...(status >= 400 ? problemHeaders : headers),
    ...(replayed && { 'idempotency-replayed': 'true' }),
  });

/** These say something about the order that a repetition of the request must not change. */
const lasting: readonly ErrorKind[] = ['not-found', 'conflict'];

/**
 * A lasting refusal is an answer like any other: "the result of the previously completed operation, success or an error"
 * (draft-ietf-httpapi-idempotency-key-header, Idempotency Enforcement Scenarios). Other failures are thrown on: they happened to the request, not to the order.
 */
export async function withRefusals<Kept extends KeptAnswer>(
  instance: string,
  work: () => Promise<Kept>,
): Promise<Kept | KeptAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || !lasting.includes(error.kind)) throw error;
    return refusalOf(error, instance);
  }
}

/** The problem that a refusal is told as, now and again. `instance`: the path of the request. */
export function refusalOf(error: AppError, instance: string): KeptAnswer {
  const problem = toProblem(error, { instance, requestId: currentContext()?.requestId ?? 'unknown' });
  return { status: problem.status, body: problem };
}

const problemHeaders = { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' };
