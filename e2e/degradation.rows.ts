import type { Dependency, Trouble } from './degraded.platform.ts';

/** Groups of routes that stand or fall together; the keys are the columns of docs/degradation.md. */
export const columns = {
  browse: 'look at what was read lately',
  unread: 'look at something new',
  signIn: 'sign in',
  account: 'own account',
  cart: 'cart',
  orders: 'own orders',
  buy: 'buy',
  cancel: 'cancel',
  payments: 'payments, ledger',
  webhook: 'webhooks',
  ready: '`/ready`',
} as const;
export type Column = keyof typeof columns;

type Answers = Readonly<Record<Column, readonly number[]>>;

export interface Row {
  readonly dependency: Dependency;
  readonly trouble: Trouble;
  readonly answers: Answers;
  /** What was read lately is answered from copies, which say how old they are. */
  readonly copies: boolean;
}

export const healthy: Answers = {
  browse: [200],
  unread: [200],
  signIn: [200],
  account: [200],
  cart: [200],
  orders: [200],
  buy: [201],
  cancel: [200],
  payments: [200],
  webhook: [200],
  ready: [200],
};

/** What depends on it fails at once; or, if it is slow or hangs, when its time is over. */
const gone = [503] as const;
const late = [503, 504] as const;
/** An order that is stored, and finishes by itself. */
const accepted = [202] as const;

type Needs = Partial<Record<Column, readonly number[]>>;

/** `down`: what is answered without the dependency. A slow one may be in time or not; one that hangs never is. */
function rowsOf(
  dependency: Dependency,
  { down, copies = false, killed = false }: { down: Needs; copies?: boolean; killed?: boolean },
) {
  const row = (trouble: Trouble, answers: Needs): Row => ({ dependency, trouble, answers: { ...healthy, ...answers }, copies });
  const each = (change: (statuses: readonly number[], column: Column) => readonly number[]) =>
    Object.fromEntries(Object.entries(down).map(([name, statuses]) => [name, change(statuses, name as Column)]));
  const hanging = each((statuses, column) => (statuses === gone && column !== 'ready' ? late : statuses));
  const slow = each((statuses, column) => {
    if (column === 'ready') return statuses;
    return [...new Set([...healthy[column], ...(column === 'buy' ? accepted : []), ...(statuses === gone ? late : statuses)])];
  });
  return [row('down', down), row('slow', slow), row('hanging', hanging), ...(killed ? [row('killed', down)] : [])];
}

const unaffected = (trouble: Trouble): Row => ({ dependency: 'Redis', trouble, answers: healthy, copies: false });

/** What each part of the shop answers when something it depends on is in trouble. */
export const rows: readonly Row[] = [
  ...rowsOf('product database', { copies: true, down: { unread: gone, cart: gone, buy: gone, ready: gone } }),
  ...rowsOf('user database', { down: { signIn: gone, account: gone, ready: gone } }),
  ...rowsOf('order database', { down: { cart: gone, orders: gone, buy: gone, cancel: gone, ready: gone } }),
  ...rowsOf('payment database', { down: { buy: accepted, payments: gone, webhook: gone, ready: gone } }),
  ...(['down', 'slow', 'hanging', 'full', 'flushed'] as const).map(unaffected),
  ...rowsOf('payment provider', { down: { buy: accepted } }),
  ...rowsOf('user service', { killed: true, down: { signIn: gone, account: gone, ready: gone } }),
  ...rowsOf('product service', { killed: true, copies: true, down: { unread: gone, cart: gone, buy: gone, ready: gone } }),
  ...rowsOf('order service', { killed: true, down: { cart: gone, orders: gone, buy: gone, cancel: gone, ready: gone } }),
  ...rowsOf('payment service', { killed: true, down: { buy: accepted, payments: gone, webhook: gone, ready: gone } }),
];

/** The row as docs/degradation.md shows it. */
export function lineOf({ dependency, trouble, answers, copies }: Row): string {
  const cells = (Object.keys(columns) as Column[]).map((column) => {
    const text = answers[column].join(', ');
    return column === 'browse' && copies ? `${text}, copies` : text;
  });
  return `| ${[dependency, trouble, ...cells].join(' | ')} |`;
}
