import type { Experiment } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';
import { Tolls } from '../toll/tolls.ts';

const PLACES = 4;
const PURCHASES = 40;
const PAUSE_MS = 200;

const tolls = new Tolls([{ from: 'payment', variable: 'PAYMENT_PROVIDER_URL' }], {
  PAYMENT_PROVIDER_MAX_CONCURRENT: String(PLACES),
});

export const providerHoldsItsCalls: Experiment = {
  id: 'provider-holds-its-calls',
  title: `the provider answers nothing and lets ${PLACES} calls in at a time: no more are on the wire, and given-up ones have left it`,
  group: 'provider',
  trials: 1,
  platform: tolls.options,
  run: async ({ goods, people }, trial) => {
    const productId = await goods.add(10_000);
    const toll = tolls.on('payment', 'PAYMENT_PROVIDER_URL');
    toll.forget();
    toll.judge = () => 'hang';

    const sent: Promise<unknown>[] = [];
    for (let count = 0; count < PURCHASES; count += 1) {
      sent.push(
        people
          .customer()
          .purchase([{ productId, quantity: 1 }])
          .attempt(),
      );
      await pause(PAUSE_MS, trial.signal);
    }
    await Promise.all(sent);
    trial.measure('calls that hung', toll.passed.length, 'requests');
    trial.measure('on the wire at once', toll.mostOpen, 'requests');
    toll.judge = () => 'pass';
  },
  limits: [
    { figure: 'calls that hung', statistic: 'min', atLeast: PLACES + 1 },
    // An end and a beginning in the same millisecond may be seen the other way round.
    { figure: 'on the wire at once', statistic: 'max', atMost: PLACES + 2 },
  ],
};
