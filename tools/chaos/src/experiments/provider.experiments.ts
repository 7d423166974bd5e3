import type { Experiment, Limit } from '../experiment.ts';
import { only } from '../load/scenarios.ts';
import { pause } from '../schedule/pause.ts';
import type { Witness } from '../world/witness.ts';

interface Misbehaviour {
  readonly id: string;
  readonly title: string;
  readonly lastsMs: number;
  readonly smoke?: number;
  readonly begin: (witness: Witness) => void;
}

const RATE = 20;
const TRIALS = 2;
/** More than will be asked in one trial. */
const ALL = 10_000;

const limits: readonly Limit[] = [
  { figure: 'purchases', statistic: 'min', atLeast: 50 },
  { figure: 'purchases refused', statistic: 'sum', atMost: 0 },
];

/** The provider misbehaves while customers buy: they are told 201 or 202, and the orders finish by themselves. */
function misbehaving({ id, title, lastsMs, smoke, begin }: Misbehaviour): Experiment {
  return {
    id,
    title,
    group: 'provider',
    trials: TRIALS,
    ...(smoke !== undefined && { smoke }),
    limits,
    run: async ({ witness, load, recorder }, trial) => {
      begin(witness);
      const from = Date.now();
      load.start({ rate: RATE, mix: only('checkout', 'checkout-cart', 'checkout-cancel') });
      await pause(lastsMs, trial.signal);
      witness.calm();
      const to = Date.now();
      await load.stop();

      const purchases = recorder.chapter.outcomes.filter(({ action, at }) => action === 'checkout' && at >= from && at < to);
      trial.measure('purchases', purchases.length, 'requests');
      trial.measure('purchases refused', purchases.filter(({ result }) => result !== 'ok').length, 'requests');
      trial.measure('told 202', purchases.filter(({ status }) => status === 202).length, 'requests');
      for (const { durationMs } of purchases) trial.measure('answered', durationMs, 'ms');
    },
  };
}

export const providerSlow = misbehaving({
  id: 'provider-slow',
  title: 'the provider takes two seconds for every call',
  lastsMs: 12_000,
  begin: (witness) => witness.behave({ latencyMs: 2_000 }),
});

export const providerHangs = misbehaving({
  id: 'provider-hangs',
  title: 'the provider answers nothing',
  lastsMs: 10_000,
  smoke: 1,
  begin: (witness) => witness.behave({ hangRate: 1 }),
});

export const providerFails = misbehaving({
  id: 'provider-fails',
  title: 'half of all calls to the provider end in a 500',
  lastsMs: 10_000,
  begin: (witness) => witness.behave({ failureRate: 0.5, failureStatus: 500 }),
});

export const providerTalksGarbage = misbehaving({
  id: 'provider-talks-garbage',
  title: 'the provider charges and answers a web page',
  lastsMs: 8_000,
  smoke: 1,
  begin: (witness) => witness.script({ fault: 'garbage', on: 'charge', times: ALL }),
});

export const webhooksFirst = misbehaving({
  id: 'webhooks-before-the-reply',
  title: 'the provider answers a charge a second after its webhooks have left',
  lastsMs: 10_000,
  smoke: 1,
  begin: (witness) => witness.script({ fault: 'late-reply', on: 'charge', times: ALL, delayMs: 1_000 }),
});

export const webhooksInDisorder = misbehaving({
  id: 'webhooks-in-disorder',
  title: 'webhooks come three times each, three seconds late and the last ones first',
  lastsMs: 10_000,
  begin: (witness) => witness.sendWebhooks({ delayMs: 3_000, duplicates: 2, reorder: true }),
});

export const webhooksHeld = misbehaving({
  id: 'webhooks-held',
  title: 'no webhook comes until all come at once, and every second reply to a charge is lost',
  lastsMs: 10_000,
  begin: (witness) => {
    witness.sendWebhooks({ hold: true, duplicates: 1 });
    witness.behave({ lostReplyRate: 0.5 });
  },
});

const SHORT = 12;

export const wrongAmount: Experiment = {
  id: 'wrong-amount',
  title: `the provider takes another sum than it was asked for, ${SHORT} times: nothing of it is kept, and nothing is sold`,
  group: 'provider',
  trials: 1,
  smoke: 1,
  limits: [
    { figure: 'short charges', statistic: 'min', atLeast: SHORT },
    { figure: 'sold all the same', statistic: 'max', atMost: 0 },
  ],
  run: async ({ witness, goods, people, books }, trial) => {
    const productId = await goods.add(1_000);
    witness.script({ fault: 'wrong-amount', on: 'charge', times: SHORT });

    const purchases = await Promise.all(
      Array.from({ length: SHORT }, () => people.customer().buy([{ productId, quantity: 1 }], { signal: trial.signal })),
    );

    const orderIds = purchases.map(({ orderId }) => orderId ?? '');
    const statuses = [...(await books.statuses(orderIds)).values()];
    trial.measure('short charges', orderIds.flatMap((orderId) => witness.charges(orderId)).length, '');
    trial.measure('sold all the same', statuses.filter((status) => status === 'confirmed').length, 'orders');
  },
};
