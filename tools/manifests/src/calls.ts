/** One party calls another, as a row of docs/calls.md says. */
export interface Call {
  readonly from: string;
  readonly to: string;
}

const SERVICES = ['gateway', 'user', 'product', 'order', 'payment'];
const STORES: Record<string, string> = { PostgreSQL: 'postgres', Redis: 'redis' };
/** Not in the cluster, or not ours: other policies look after them. */
const OUTSIDE = ['provider', 'OpenTelemetry collector'];

/** The ports of docs/architecture.md; a spec compares. */
export const PORTS: Record<string, number> = {
  ...{ gateway: 8080, user: 3002, product: 3003, order: 3004, payment: 3005 },
  ...{ postgres: 5432, redis: 6379 },
};
export const MANAGEMENT_PORTS: Record<string, number> = { gateway: 9001, user: 9002, product: 9003, order: 9004, payment: 9005 };

/** The pairs of docs/calls.md, each once: the first column of its tables, `a, b → c, d: what for`. Raises for a party it does not know. */
export function callsIn(markdown: string): Call[] {
  const pairs = new Set<string>();
  for (const [, callers = '', callees = ''] of markdown.matchAll(/^\| *([^|→]+?) *→ *([^|:]+?)(?::[^|]*)? *\|/gm)) {
    for (const from of parties(callers, SERVICES)) {
      for (const to of parties(callees, SERVICES)) if (from !== to) pairs.add(`${from} ${to}`);
    }
  }
  return [...pairs].map((pair) => {
    const [from = '', to = ''] = pair.split(' ');
    return { from, to };
  });
}

function parties(text: string, everyService: readonly string[]): readonly string[] {
  if (OUTSIDE.includes(text)) return [];
  if (text === 'every service' || text === 'every process') return everyService;
  if (text === 'job workers') return everyService.filter((name) => name !== 'gateway');
  return text.split(', ').map((name) => {
    const party = STORES[name] ?? name;
    if (PORTS[party] === undefined) throw new Error(`docs/calls.md names "${name}", of whom this tool knows nothing.`);
    return party;
  });
}
