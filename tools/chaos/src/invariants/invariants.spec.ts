import { describe, expect, it } from 'vitest';
import type {
  ChargeFact,
  Evidence,
  LedgerFact,
  OrderFact,
  PaymentFact,
  PurchaseFact,
  Reading,
  Rule,
  StockFact,
} from './evidence.ts';
import { invariants, violationsOf } from './index.ts';

const items = [{ productId: 'p-1', quantity: 2 }];
const history = (...statuses: string[]) => statuses.map((status, index) => ({ status, version: index + 1 }));
const order = (more: Partial<OrderFact> = {}): OrderFact => ({
  id: 'o-1',
  userId: 'u-1',
  status: 'confirmed',
  version: 2,
  total: 2_000,
  key: 'k-1',
  items,
  history: history('pending', 'confirmed'),
  ...more,
});
const cancelled = order({ status: 'cancelled', version: 3, history: history('pending', 'confirmed', 'cancelled') });
const rejected = order({ status: 'rejected', history: history('pending', 'rejected') });
const charge = (more: Partial<ChargeFact> = {}): ChargeFact => ({
  id: 'ch-1',
  orderId: 'o-1',
  amount: 2_000,
  refunded: 0,
  ...more,
});
const payment = (more: Partial<PaymentFact> = {}): PaymentFact => ({
  orderId: 'o-1',
  status: 'succeeded',
  charged: 2_000,
  refunded: 0,
  ...more,
});
const ledger = (more: Partial<LedgerFact> = {}): LedgerFact => ({
  orderId: 'o-1',
  providerClearing: 2_000,
  allAccounts: 0,
  ...more,
});
const stock = (more: Partial<StockFact> = {}): StockFact => ({
  productId: 'p-1',
  supplied: 10,
  onHand: 8,
  reserved: 0,
  sold: 2,
  unitsOfOrders: 2,
  put: 10,
  ...more,
});
const purchase = (more: Partial<PurchaseFact> = {}): PurchaseFact => ({
  key: 'k-1',
  userId: 'u-1',
  items,
  answers: [
    { status: undefined, orderId: undefined, code: undefined },
    { status: 201, orderId: 'o-1', code: undefined },
  ],
  ...more,
});
const reading = (more: Partial<Reading> = {}): Reading => ({
  orderId: 'o-1',
  key: 'k-1',
  userId: 'u-1',
  wanted: items,
  seen: { userId: 'u-1', items },
  ...more,
});
const answered = (...statuses: [number, string | undefined][]): PurchaseFact =>
  purchase({ answers: statuses.map(([status, orderId]) => ({ status, orderId, code: undefined })) });

const sound: Evidence = {
  orders: [order()],
  payments: [payment()],
  ledger: [ledger()],
  stock: [stock()],
  charges: [charge()],
  purchases: [purchase()],
  readings: [reading()],
  breaches: [],
  settled: { tookMs: 1_000, left: [] },
};

const broken = (evidence: Partial<Evidence>): Rule[] => violationsOf({ ...sound, ...evidence }).map(({ rule }) => rule);

describe('sound books', () => {
  it.each<[string, Partial<Evidence>]>([
    ['one sale', {}],
    ['nothing at all', { orders: [], payments: [], ledger: [], stock: [], charges: [], purchases: [], readings: [] }],
    [
      'a cancelled order, refunded',
      {
        orders: [cancelled],
        charges: [charge({ refunded: 2_000 })],
        payments: [payment({ status: 'cancelled', refunded: 2_000 })],
        ledger: [ledger({ providerClearing: 0 })],
        stock: [stock({ onHand: 10, sold: 0, unitsOfOrders: 0 })],
      },
    ],
    [
      'a declined purchase',
      {
        orders: [rejected],
        charges: [],
        payments: [payment({ status: 'declined', charged: 0 })],
        ledger: [],
        stock: [stock({ onHand: 10, sold: 0, unitsOfOrders: 0 })],
        purchases: [answered([402, 'o-1'])],
        readings: [],
      },
    ],
    ['an answer given again', { purchases: [answered([202, 'o-1'], [201, 'o-1'], [201, 'o-1'])] }],
    ['a product that was there before', { stock: [stock({ put: undefined })] }],
    ['lines added up', { readings: [reading({ wanted: [...items, ...items].map((item) => ({ ...item, quantity: 1 })) })] }],
    ['the cart', { readings: [reading({ wanted: undefined })] }],
  ])('break nothing: %s', (_, evidence) => {
    expect(violationsOf({ ...sound, ...evidence })).toEqual([]);
  });
});

/** Rule → made-up books that break it. */
const planted: Record<Rule, [what: string, evidence: Partial<Evidence>][]> = {
  'no-oversell': [
    ['more sold than put there', { stock: [stock({ supplied: 10, sold: 11, onHand: -1, unitsOfOrders: 11 })] }],
    ['orders hold more than there was', { stock: [stock({ put: 1 })] }],
    ['a count below zero', { stock: [stock({ reserved: -1, onHand: 9 })] }],
  ],
  'stock-conserved': [
    ['a unit is lost', { stock: [stock({ onHand: 7 })] }],
    ['sold to nobody', { stock: [stock({ unitsOfOrders: 1 })] }],
    ['supplied by nobody', { stock: [stock({ supplied: 12, onHand: 10 })] }],
  ],
  'one-charge-per-order': [['two charges', { charges: [charge(), charge({ id: 'ch-2', refunded: 2_000 })] }]],
  'no-orphan-money': [
    ['kept for a rejected order', { orders: [rejected] }],
    ['kept for no order', { charges: [charge(), charge({ id: 'ch-2', orderId: null })] }],
    ['kept for an order that is not there', { charges: [charge(), charge({ id: 'ch-2', orderId: 'o-2' })] }],
    ['partly kept for a cancelled order', { orders: [cancelled], charges: [charge({ refunded: 1_000 })] }],
    ['more refunded than charged', { charges: [charge({ refunded: 2_400 })] }],
  ],
  'no-free-order': [
    ['sold without a charge', { charges: [] }],
    ['sold for less', { charges: [charge({ amount: 1_999 })] }],
    ['shipped without a charge', { charges: [], orders: [order({ status: 'shipped', version: 3 })] }],
  ],
  'ledger-is-witness': [
    ['a charge that is not booked', { ledger: [] }],
    ['a refund that is not booked', { charges: [charge({ refunded: 500 })] }],
    ['a charge the witness knows nothing of', { charges: [] }],
    ['entries that do not sum to zero', { ledger: [ledger({ allAccounts: 1 })] }],
    ['a payment that says something else', { payments: [payment({ charged: 1_000 })] }],
    ['no payment', { payments: [] }],
  ],
  'accepted-is-readable': [
    ['not found', { readings: [reading({ seen: undefined })] }],
    ['found by another', { readings: [reading({ seen: { userId: 'u-2', items } })] }],
    ['without its items', { readings: [reading({ seen: { userId: 'u-1', items: [] } })] }],
    ['with other items', { readings: [reading({ seen: { userId: 'u-1', items: [{ productId: 'p-2', quantity: 2 }] } })] }],
    ['with other quantities', { readings: [reading({ seen: { userId: 'u-1', items: [{ productId: 'p-1', quantity: 1 }] } })] }],
  ],
  'all-terminal': [['left pending', { settled: { tookMs: 60_001, left: ['3 pending orders'] } }]],
  idempotent: [
    ['two orders of one key', { orders: [order(), order({ id: 'o-2' })] }],
    ['two orders in the answers', { purchases: [answered([202, 'o-1'], [201, 'o-2'])] }],
    ['sold and declined', { purchases: [answered([201, 'o-1'], [402, 'o-1'])] }],
    ['sold, and then rejected', { orders: [rejected] }],
  ],
  'legal-history': [
    [
      'a version is missing',
      {
        orders: [
          order({
            history: [
              { version: 1, status: 'pending' },
              { version: 3, status: 'confirmed' },
            ],
          }),
        ],
      },
    ],
    ['not pending first', { orders: [order({ version: 1, history: history('confirmed') })] }],
    ['an edge that is none', { orders: [order({ status: 'shipped', history: history('pending', 'shipped') })] }],
    ['back again', { orders: [order({ version: 3, history: history('pending', 'rejected', 'confirmed') })] }],
    ['a status without its row', { orders: [order({ status: 'cancelled' })] }],
    ['no history', { orders: [order({ history: [] })] }],
  ],
  'own-writes-visible': [['seen by the driver', { breaches: [{ rule: 'own-writes-visible', text: 'the cart lacks p-1' }] }]],
  'no-right-granted': [['seen by the driver', { breaches: [{ rule: 'no-right-granted', text: 'probe-revoked: 200' }] }]],
  'no-foreign-data': [['seen by the driver', { breaches: [{ rule: 'no-foreign-data', text: 'u-1 was shown order o-2' }] }]],
  'no-dirty-error': [['seen by the driver', { breaches: [{ rule: 'no-dirty-error', text: 'checkout: 500' }] }]],
  experiment: [['seen by an experiment', { breaches: [{ rule: 'experiment', text: 'recovery p99 is 9 s' }] }]],
};

describe('an invariant', () => {
  it('is seen failing for every rule there is', () => {
    expect(Object.keys(planted).sort()).toEqual(invariants.map(({ rule }) => rule).sort());
  });

  it.each(
    Object.entries(planted).flatMap(([rule, cases]) => cases.map(([what, evidence]) => ({ rule: rule as Rule, what, evidence }))),
  )('$rule fails on: $what', ({ rule, evidence }) => {
    expect(broken(evidence)).toContain(rule);
  });

  it('names every place where it does not hold', () => {
    const [violation] = violationsOf({ ...sound, settled: { tookMs: 61_000, left: ['3 pending orders', '1 open payments'] } });

    expect(violation).toMatchObject({
      rule: 'all-terminal',
      places: ['61 s after healing there are 3 pending orders', '61 s after healing there are 1 open payments'],
    });
  });
});
