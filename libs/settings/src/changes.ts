/** Setting, by its dotted path → what it was and what it is. */
export type Changes = Readonly<Record<string, { from: unknown; to: unknown }>>;

/** What is different in two trees of settings. Lists count as one setting. */
export function changesBetween(before: unknown, after: unknown): Changes {
  const [from, to] = [flat(before), flat(after)];
  const paths = [...new Set([...from.keys(), ...to.keys()])];
  return Object.fromEntries(
    paths
      .filter((path) => JSON.stringify(from.get(path)) !== JSON.stringify(to.get(path)))
      .map((path) => [path, { from: from.get(path), to: to.get(path) }]),
  );
}

function flat(tree: unknown, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return into.set(path, tree);
  for (const [name, value] of Object.entries(tree)) flat(value, path === '' ? name : `${path}.${name}`, into);
  return into;
}
