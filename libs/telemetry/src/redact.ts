const secretParts = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'authorization',
  'cookie',
  'apikey',
  'privatekey',
  'credential',
  'recoverycode',
  'signature',
  'cardnumber',
];
const secretNames = new Set(['card', 'pan', 'cvc', 'cvv', 'otp', 'totp', 'iban', 'jwt', 'dsn']);
/** Names that hold a secret word and no secret. */
const harmless = new Set(['tokentype', 'tokenkind', 'tokenid']);

const maxDepth = 8;
const maxItems = 100;
const maxText = 8_192;
const hidden = '[redacted]';

/** What was found out about names: they are few, and come again with every line. */
const judged = new Map<string, boolean>();
const mostJudged = 1_000;

/** Whether the value under a key must not be written down, whatever it is. */
export function isSecretName(key: string): boolean {
  const known = judged.get(key);
  if (known !== undefined) return known;
  const isSecret = judge(key);
  if (judged.size < mostJudged && key.length <= 64) judged.set(key, isSecret);
  return isSecret;
}

function judge(key: string): boolean {
  const name = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  return secretNames.has(name) || (!harmless.has(name) && secretParts.some((part) => name.includes(part)));
}

/**
 * Secrets that give themselves away by their form, wherever they stand: bearer and basic values, URL passwords, JWTs, provider keys.
 * Every run is bounded, so that a hostile text cannot make the search slow (a spec measures it).
 */
const secretForms =
  /(\b(?:bearer|basic)\s)[\w.~+/=-]{8,4096}|(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,100}:)[^\s/@]{1,200}(?=@)|\beyJ[\w-]{8,1024}\.[\w-]{1,4096}\.[\w-]{0,1024}|\b(?:sk|rk|whsec)_\w{6,256}/gi;

/** As long as the shortest of them, `a://:b@`. */
const shortestSecret = 7;

/** A text without recognisable secrets, cut at 8 Ki characters. Does not find a password in prose. */
export function redactText(text: string): string {
  if (text.length < shortestSecret) return text;
  const short = text.length > maxText ? `${text.slice(0, maxText)}… (${text.length} characters)` : text;
  return short.replace(secretForms, (_match, scheme = '', url = '') => `${scheme}${url}${hidden}`);
}

/**
 * A copy that is safe to write as JSON: secrets by name and by form replaced, errors with stack and cause, bigints as text, cycles and
 * depth cut, 100 items a list. Never throws and never changes its argument. Does not know personal data from other data.
 */
export const redact = (value: unknown): unknown => copy(value, 0, new Set());

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= maxDepth) return '[too deep]';

  above.add(value);
  try {
    return copyObject(value, depth + 1, above);
  } catch {
    // A getter or toJSON that throws must cost its own value, not the log line.
    return '[unreadable]';
  } finally {
    above.delete(value);
  }
}

function copyObject(value: object, depth: number, above: Set<object>): unknown {
  if (value instanceof Error) return copyError(value, depth, above);
  if (Array.isArray(value)) return copyItems(value, depth, above);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[invalid date]' : value.toISOString();
  if (value instanceof URL) return redactText(value.href);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return copyMembers(Object.fromEntries(value), depth, above);
  if (value instanceof Set) return copyItems([...value], depth, above);
  return copyMembers(value, depth, above);
}

function copyItems(items: readonly unknown[], depth: number, above: Set<object>): unknown[] {
  const copied = items.slice(0, maxItems).map((item) => copy(item, depth, above));
  return items.length > maxItems ? [...copied, `[${items.length - maxItems} more]`] : copied;
}

function copyMembers(value: object, depth: number, above: Set<object>): Record<string, unknown> {
  const copied: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value).slice(0, maxItems)) {
    const safe = isSecretName(key) ? hidden : copy(member, depth, above);
    // Assigned, this one name would make a prototype of its value.
    if (key === '__proto__') Object.defineProperty(copied, key, { value: safe, enumerable: true });
    else copied[key] = safe;
  }
  return copied;
}

function copyError(error: Error, depth: number, above: Set<object>): Record<string, unknown> {
  return {
    name: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(error.cause !== undefined && { cause: copy(error.cause, depth, above) }),
    ...(error instanceof AggregateError && { errors: copyItems(error.errors, depth, above) }),
    ...withoutStandardMembers(copyMembers(error, depth, above)),
  };
}

function withoutStandardMembers({
  name: _name,
  message: _message,
  stack: _stack,
  cause: _cause,
  errors,
  ...rest
}: Record<string, unknown>) {
  return errors === undefined ? rest : { ...rest, errors };
}
