import { AsyncLocalStorage } from 'node:async_hooks';
import { context as traceContext } from '@opentelemetry/api';
import type { Logger } from './logger.ts';

/** What is known of the work in hand: a request, an event or a job. */
export interface RequestContext {
  requestId: string;
  /** Epoch milliseconds after which nobody waits for the answer any more: no call and no database work begins then. */
  deadline?: number | undefined;
  /** Epoch milliseconds at which calls to others end, so that there is time left to write down what became of them. */
  callsEndAt?: number | undefined;
  userId?: string;
  log?: Logger;
}

/** Follows the work through every await. Prefer `runInContext` and `currentContext`; the storage itself is for frameworks' hooks. */
export const requestContext = new AsyncLocalStorage<RequestContext>();

/** Runs a function, and all it starts, in a context; the caller's own context is untouched. */
export const runInContext = <Result>(context: RequestContext, work: () => Result): Result => requestContext.run(context, work);

/**
 * Runs `work` later as if it were called now: in this context and this span. Cheaper than `AsyncLocalStorage.snapshot`, which makes a resource
 * with each call, and carries no more of the work in hand than log lines tell.
 */
export function inThisContext(work: () => void): () => void {
  const context = requestContext.getStore();
  const trace = traceContext.active();
  const inTrace = () => traceContext.with(trace, work);
  return context === undefined ? inTrace : () => requestContext.run(context, inTrace);
}

/** The context of the work in hand; undefined at start-up and in timers begun there. */
export const currentContext = (): RequestContext | undefined => requestContext.getStore();

/**
 * Runs what must be done although nobody may wait for it any more: writing down what has happened elsewhere, or work that several requests
 * share. What `work` calls still has its own time-outs.
 */
export const regardlessOfDeadline = <Result>(work: () => Result): Result =>
  requestContext.run({ requestId: 'unknown', ...currentContext(), deadline: undefined, callsEndAt: undefined }, work);

const transactions = new AsyncLocalStorage<true>();

/** Runs the work of a database transaction; while it lasts, and in all it starts, `isInTransaction` is true. */
export const runInTransaction = <Result>(work: () => Result): Result => transactions.run(true, work);

/** Whether a database transaction is open around the work in hand: whoever waits for others now holds its rows meanwhile. */
export const isInTransaction = (): boolean => transactions.getStore() === true;

/** Milliseconds until the deadline, never below 0; undefined when nobody set one. */
export function remainingMs(): number | undefined {
  const deadline = currentContext()?.deadline;
  return deadline === undefined ? undefined : Math.max(0, deadline - Date.now());
}
