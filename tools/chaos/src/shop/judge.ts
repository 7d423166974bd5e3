import type { Breach } from '../invariants/evidence.ts';
import { dirtOf } from './dirt.ts';
import type { Reply } from './http-caller.ts';

/** `ok`: what the call should be answered. `fail`: a clean refusal. `unknown`: no answer, so nobody knows whether it took effect. */
export type Result = 'ok' | 'fail' | 'unknown';

export interface Expectation {
  /** When nothing is wrong. */
  readonly statuses: readonly number[];
  /** Clean refusals that are no surprise here, beside 429, 503 and 504. */
  readonly refusals?: readonly number[];
  /** The caller has no right to this: any success is a right granted by a fault. */
  readonly closed?: boolean;
}

export interface Judgement {
  readonly result: Result;
  /** Of the problem, if it was one. */
  readonly code: string | undefined;
  /** The body, if it was JSON. */
  readonly body: unknown;
  readonly breaches: readonly Breach[];
}

const always = [429, 503, 504];

export function judge(what: string, reply: Reply, expected: Expectation): Judgement {
  const breaches: Breach[] = dirtOf(reply).map((dirt) => ({ rule: 'no-dirty-error', text: `${what}: ${dirt}` }));
  if (reply.status === undefined) return { result: 'unknown', code: undefined, body: undefined, breaches };

  const { status } = reply;
  const body = bodyOf(reply);
  const code = status >= 400 ? String((body as { code?: unknown } | undefined)?.code ?? '') : undefined;
  if (expected.statuses.includes(status)) return { result: 'ok', code, body, breaches };
  if (expected.closed && status < 400) breaches.push({ rule: 'no-right-granted', text: `${what}: ${status}` });
  else if (![...always, ...(expected.refusals ?? [])].includes(status) && breaches.length === 0) {
    breaches.push({ rule: 'no-dirty-error', text: `${what}: surprising ${status} ${code ?? ''} ${reply.text.slice(0, 200)}` });
  }
  return { result: 'fail', code, body, breaches };
}

function bodyOf({ headers, text }: Reply): unknown {
  if (!/json/.test(String(headers['content-type']))) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // dirty, and told so
  }
}
