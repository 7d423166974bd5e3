import { HANG_MS, type Reply } from './http-caller.ts';

const leaks: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['HTML', /<(!doctype|html|head|body|pre)\b/i],
  ['a stack', /\n\s+at |\bnode_modules\b|\.[jt]s:\d+/],
  [
    'SQL',
    /\binsert into\b|\bdelete from\b|\bupdate \w+ set\b|\bselect\b[^"]*\bfrom\b[^"]*(\$\d|\bwhere\b)|duplicate key|relation \\?"|\bpg_|violates/i,
  ],
  [
    'a name from inside',
    /\bE(CONN\w+|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN)\b|127\.0\.0\.1|localhost|(postgres|redis)\w*:\/\/|socket hang up/i,
  ],
];

const members = ['type', 'title', 'status', 'detail', 'instance', 'requestId', 'code'] as const;

/** What is dirty about an answer: whatever it says, it must not say it like this. Empty when it is clean, or when there was none in time. */
export function dirtOf(reply: Reply): string[] {
  if (reply.status === undefined) {
    return reply.durationMs >= HANG_MS - 100 ? [`hung for ${Math.round(reply.durationMs)} ms`] : [];
  }
  return reply.status >= 400 ? dirtOfError(reply, reply.status) : dirtOfSuccess(reply);
}

function dirtOfSuccess({ status, headers, text }: Reply): string[] {
  if (!String(headers['content-type']).startsWith('application/json')) return [];
  return parse(text) === undefined ? [`${status} with a body that is no JSON`] : [];
}

function dirtOfError({ headers, text }: Reply, status: number): string[] {
  const dirt: string[] = [];
  if (status >= 500 && status !== 503 && status !== 504) dirt.push(`${status}`);
  if ((status === 503 || status === 429) && headers['retry-after'] === undefined) dirt.push(`${status} without Retry-After`);
  for (const [what, pattern] of leaks) if (pattern.test(text)) dirt.push(`${status} with ${what}: ${text.slice(0, 200)}`);
  const type = String(headers['content-type']);
  if (!type.startsWith('application/problem+json')) return [...dirt, `${status} as ${type}`];

  const problem = parse(text);
  const missing = members.filter((name) => problem?.[name] === undefined);
  if (missing.length > 0) dirt.push(`${status} without ${missing.join(', ')}`);
  if (problem?.status !== undefined && problem.status !== status) dirt.push(`${status} that calls itself ${problem.status}`);
  return dirt;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined; // said to be dirty by the caller
  }
}
