import type { Experiment } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';
import { Tolls } from '../toll/tolls.ts';

const PURCHASES = 200;
const PAUSE_MS = 25;
/** One purchase in four asks for a product whose price the product service fails to tell: too few to open a circuit. */
const FAILING = 4;

const tolls = new Tolls([
  { from: 'gateway', variable: 'ORDER_SERVICE_URL' },
  { from: 'order', variable: 'PRODUCT_SERVICE_URL' },
]);

export const retryStorm: Experiment = {
  id: 'retry-storm',
  title: 'a quarter of the calls two hops away fail: counted at each hop, at most a tenth of all is sent again',
  group: 'load',
  trials: 1,
  platform: tolls.options,
  run: async ({ goods, people }, trial) => {
    const [good, bad] = [await goods.add(10_000), await goods.add(10_000)];
    const [atOrder, atProduct] = [tolls.on('gateway', 'ORDER_SERVICE_URL'), tolls.on('order', 'PRODUCT_SERVICE_URL')];
    atProduct.judge = ({ path, body }) => (path === '/internal/quotes' && body.includes(bad) ? unavailable : 'pass');
    for (const toll of [atOrder, atProduct]) toll.forget();

    const sent: Promise<unknown>[] = [];
    for (let count = 0; count < PURCHASES; count += 1) {
      const productId = count % FAILING === FAILING - 1 ? bad : good;
      // One request each: a client that repeats itself is not what is counted here.
      sent.push(
        people
          .customer()
          .purchase([{ productId, quantity: 1 }])
          .attempt(),
      );
      await pause(PAUSE_MS, trial.signal);
    }
    await Promise.all(sent);
    atProduct.judge = () => 'pass';

    const orders = atOrder.passed.filter(({ method, path }) => method === 'POST' && path === '/v1/orders').length;
    const quotes = atProduct.passed.filter(({ path }) => path === '/internal/quotes').length;
    trial.measure('extra calls at order', extra(orders, atOrder.passed.length), '%');
    trial.measure('extra calls at product', extra(quotes, atProduct.passed.length), '%');
    trial.measure('purchases that asked for a price', quotes, 'requests');
  },
  limits: [
    { figure: 'extra calls at order', statistic: 'max', atMost: 10 },
    { figure: 'extra calls at product', statistic: 'max', atMost: 10 },
    // Fewer would mean that a circuit was open, and then nothing is proved.
    { figure: 'purchases that asked for a price', statistic: 'min', atLeast: PURCHASES * 0.9 },
  ],
};

/** What was sent again, as a share of all that would have been sent to that service without it. */
function extra(calls: number, all: number): number {
  const again = Math.max(0, calls - PURCHASES);
  return (100 * again) / (all - again);
}

const unavailable = {
  status: 503,
  body: JSON.stringify({
    type: 'https://emporium.example/problems/unavailable',
    title: 'Service Unavailable',
    status: 503,
    detail: 'Try again.',
    code: 'unavailable',
  }),
};
