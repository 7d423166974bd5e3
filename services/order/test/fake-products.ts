import { randomUUID } from 'node:crypto';
import { type FakeAnswer, type FakeHttp, fakeHttp } from '@emporium/testing';

interface Item {
  productId: string;
  quantity: number;
}

interface Reservation {
  status: 'reserved' | 'committed' | 'released' | 'returned' | 'refused';
  items: Item[];
}

export interface FakeProducts {
  http: FakeHttp;
  /** Puts a product on sale; returns its id. */
  onSale(stock?: number, amount?: number): string;
  withdraw(id: string): void;
  onHand(id: string): number | undefined;
  reservationOf(orderId: string): Reservation['status'] | undefined;
  /** What every call is answered while it is set: 'hang', 'drop', or a status. */
  trouble: FakeAnswer | undefined;
}

/** The product service as the order service sees it: prices, and reservations that move as the real ones do. */
export async function fakeProducts(): Promise<FakeProducts> {
  const shelf = new Map<string, { amount: number; stock: number }>();
  const reservations = new Map<string, Reservation>();

  const quote = ({ items }: { items: Item[] }): FakeAnswer => {
    if (items.length > 50) return problem(400, 'invalid-request', [{ field: 'items', message: 'Too big' }]);
    const unknown = items.flatMap(({ productId }, index) =>
      shelf.has(productId) ? [] : [{ field: `items.${index}.productId`, message: 'is not on sale' }],
    );
    if (unknown.length > 0) return problem(400, 'invalid-request', unknown);
    const lines = items.map((item) => ({
      ...item,
      name: `Product ${item.productId.slice(0, 4)}`,
      unitPrice: { amount: shelf.get(item.productId)?.amount, currency: 'EUR' },
    }));
    return { body: { lines } };
  };

  const reserve = (orderId: string, { items }: { items: Item[] }): FakeAnswer => {
    const known = reservations.get(orderId);
    if (known?.status === 'refused') return problem(409, 'out-of-stock');
    if (known?.status === 'released' || known?.status === 'returned') return problem(409, `reservation-${known.status}`);
    if (known !== undefined) return { body: { orderId, status: known.status } };
    const enough = items.every(({ productId, quantity }) => (shelf.get(productId)?.stock ?? 0) >= quantity);
    reservations.set(orderId, { status: enough ? 'reserved' : 'refused', items });
    if (!enough) return problem(409, 'out-of-stock', [{ field: 'items.0.quantity', message: 'out of stock' }]);
    for (const { productId, quantity } of items) move(productId, -quantity);
    return { body: { orderId, status: 'reserved' } };
  };

  const step = (orderId: string, name: string): FakeAnswer => {
    const { from, to } = steps[name as keyof typeof steps];
    const reservation = reservations.get(orderId);
    if (reservation === undefined && name === 'release') reservations.set(orderId, { status: 'released', items: [] });
    else if (reservation === undefined) return problem(409, 'reservation-unknown');
    else if (reservation.status === from) {
      reservation.status = to;
      if (to !== 'committed') for (const { productId, quantity } of reservation.items) move(productId, quantity);
    } else if (reservation.status !== to && !(name === 'release' && reservation.status === 'refused')) {
      return problem(409, `reservation-${reservation.status}`);
    }
    return { body: { orderId, status: to } };
  };

  const move = (productId: string, quantity: number) => {
    const product = shelf.get(productId);
    if (product !== undefined) product.stock += quantity;
  };

  const standing = ({ orderIds }: { orderIds: string[] }): FakeAnswer => ({
    body: {
      reservations: orderIds.flatMap((orderId) => {
        const reservation = reservations.get(orderId);
        return reservation === undefined ? [] : [{ orderId, ...reservation, updatedAt: '2026-01-01T00:00:00.000Z' }];
      }),
      forgottenBefore: '2020-01-01T00:00:00.000Z',
    },
  });

  const http = await fakeHttp({
    'POST /internal/quotes': ({ body }) => fake.trouble ?? quote(body as { items: Item[] }),
    'PUT /internal/reservations/:orderId': ({ body }, { orderId = '' }) =>
      fake.trouble ?? reserve(orderId, body as { items: Item[] }),
    'POST /internal/reservations/:orderId/:step': (_, { orderId = '', step: name = '' }) => fake.trouble ?? step(orderId, name),
    'GET /internal/reconciliation/reservations': () =>
      fake.trouble ?? { body: { orderIds: [...reservations.keys()], productIds: [...shelf.keys()], nextCursor: null } },
    'POST /internal/reconciliation/reservations': ({ body }) => fake.trouble ?? standing(body as { orderIds: string[] }),
    'POST /internal/reconciliation/stock': () => fake.trouble ?? { body: { differences: [] } },
    'POST /internal/reconciliation/overdue': () => fake.trouble ?? { body: { differences: [] } },
  });
  const fake: FakeProducts = {
    http,
    onSale: (stock = 10, amount = 1_000) => {
      const id = randomUUID();
      shelf.set(id, { amount, stock });
      return id;
    },
    withdraw: (id) => void shelf.delete(id),
    onHand: (id) => shelf.get(id)?.stock,
    reservationOf: (orderId) => reservations.get(orderId)?.status,
    trouble: undefined,
  };
  return fake;
}

const steps = {
  commit: { from: 'reserved', to: 'committed' },
  release: { from: 'reserved', to: 'released' },
  return: { from: 'committed', to: 'returned' },
} as const;

const problem = (status: number, code: string, errors?: object[]): FakeAnswer => ({
  status,
  body: { type: `https://emporium.example/problems/${code}`, title: 'No', status, detail: 'No.', code, errors },
});
