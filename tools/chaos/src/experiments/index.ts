import type { Experiment } from '../experiment.ts';
import { awkwardPrices } from './awkward-prices.experiment.ts';
import { calm } from './calm.experiment.ts';
import { cancelWhilePaymentIsDown } from './cancel-while-payment-is-down.experiment.ts';
import { consumerKilled } from './consumer-killed.experiment.ts';
import { doubleClick } from './double-click.experiment.ts';
import { eventsSentAgain } from './events-sent-again.experiment.ts';
import { fulfilmentOutOfOrder } from './fulfilment-out-of-order.experiment.ts';
import { lastPieces } from './last-pieces.experiment.ts';
import { providerHoldsItsCalls } from './provider-holds-its-calls.experiment.ts';
import { refundRace } from './refund-race.experiment.ts';
import { retryStorm } from './retry-storm.experiment.ts';
import { rollingRestart } from './rolling-restart.experiment.ts';
import { signedOutThenFlushed } from './signed-out-then-flushed.experiment.ts';
import { strangers } from './strangers.experiment.ts';

/** All experiments, in the order of a run. A new one is a file of this folder and a line here. */
export const experiments: readonly Experiment[] = [
  calm,
  doubleClick,
  lastPieces,
  awkwardPrices,
  refundRace,
  cancelWhilePaymentIsDown,
  fulfilmentOutOfOrder,
  strangers,
  eventsSentAgain,
  consumerKilled,
  signedOutThenFlushed,
  providerHoldsItsCalls,
  retryStorm,
  rollingRestart,
];
