/** A value no service may get to see, and where it stands. */
export interface UnsafeValue {
  path: string;
  message: string;
}

/** Deeper than any contract by far; a thousand levels have no honest use and cost every recursive function its stack. */
const deepest = 32;

/**
 * The first thing in parsed JSON that would hurt further in: NUL (Postgres cannot store it), lone surrogates (not text), numbers that
 * are not exact (1e400 is Infinity by now), too many levels. Walks every value once; cheap beside the parsing.
 */
export const findUnsafe = (value: unknown, path = '', depth = 0): UnsafeValue | undefined => {
  switch (typeof value) {
    case 'string':
      return unsafeText(value, path);
    case 'number':
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? undefined : { path, message: 'is a number too large to be exact' };
    case 'object':
      return value === null ? undefined : findUnsafeMember(value, path, depth + 1);
    default:
      return undefined;
  }
};

function findUnsafeMember(value: object, path: string, depth: number): UnsafeValue | undefined {
  if (depth > deepest) return { path, message: `is nested deeper than ${deepest} levels` };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = findUnsafe(value[index], '', depth);
      if (found !== undefined) return within(path, index, found);
    }
    return undefined;
  }
  for (const [key, member] of Object.entries(value)) {
    const found =
      unsafeText(key, '') === undefined ? findUnsafe(member, '', depth) : { path: '', message: 'has a name that is not text' };
    if (found !== undefined) return within(path, key, found);
  }
  return undefined;
}

// Paths are put together only for what is found, so that good bodies pay nothing for them.
const within = (path: string, key: string | number, found: UnsafeValue): UnsafeValue => ({
  ...found,
  path: [path, key, found.path].filter((part) => part !== '').join('.'),
});

/** Text that is not text: NUL, or half of a surrogate pair. */
export function unsafeText(text: string, path: string): UnsafeValue | undefined {
  if (text.includes('\u0000')) return { path, message: 'must not contain NUL' };
  return text.isWellFormed() ? undefined : { path, message: 'must be well-formed text' };
}
