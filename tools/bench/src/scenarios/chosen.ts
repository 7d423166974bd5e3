import type { Scenario } from './scenario.ts';

type Named = Pick<Scenario, 'name' | 'yardstick'>;

/** Those whose names begin so, or all, each followed by what it is compared with. Throws for a name that nothing begins with. */
export function chosen<Each extends Named>(all: readonly Each[], only: readonly string[] | undefined): Each[] {
  const unknown = only?.filter((start) => !all.some(({ name }) => name.startsWith(start))) ?? [];
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}; --list names all.`);
  const found = new Set<Each>();
  const add = (scenario: Each) => {
    found.add(scenario);
    const yardstick = all.find(({ name }) => name === scenario.yardstick);
    if (yardstick !== undefined && !found.has(yardstick)) add(yardstick);
  };
  for (const scenario of all) if (only?.some((start) => scenario.name.startsWith(start)) ?? true) add(scenario);
  return [...found];
}
