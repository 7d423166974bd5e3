import { createHash } from 'node:crypto';

/** SHA-256 of the parts as canonical JSON: two requests that mean the same (key order, undefined members) have the same fingerprint. */
export function fingerprint(...parts: unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map(canonical)))
    .digest('hex');
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;

  // A list of pairs, not an object: an own member named __proto__ must count too.
  const pairs = Object.entries(value).filter(([, member]) => member !== undefined);
  return { pairs: pairs.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)]) };
}
