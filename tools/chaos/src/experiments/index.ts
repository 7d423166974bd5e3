import type { Experiment } from '../experiment.ts';
import { awkwardPrices } from './awkward-prices.experiment.ts';
import { calm } from './calm.experiment.ts';
import { cancelWhilePaymentIsDown } from './cancel-while-payment-is-down.experiment.ts';
import { clockSkew } from './clock-skew.experiment.ts';
import { consumerKilled } from './consumer-killed.experiment.ts';
import { doubleClick } from './double-click.experiment.ts';
import { eventsSentAgain } from './events-sent-again.experiment.ts';
import { flashSale } from './flash-sale.experiment.ts';
import { fulfilmentOutOfOrder } from './fulfilment-out-of-order.experiment.ts';
import { killBetweenChargeAndReply } from './kill-between.experiment.ts';
import { killService } from './kill-service.experiment.ts';
import { lastPiece } from './last-piece.experiment.ts';
import { lostReplies } from './lost-replies.experiment.ts';
import { overload } from './overload.experiment.ts';
import { poisonedEvents } from './poisoned-events.experiment.ts';
import { locksOnOneProduct, postgresBlackHoled, postgresStopped, sessionsEnded } from './postgres.experiments.ts';
import {
  providerFails,
  providerHangs,
  providerSlow,
  providerTalksGarbage,
  webhooksFirst,
  webhooksHeld,
  webhooksInDisorder,
  wrongAmount,
} from './provider.experiments.ts';
import { providerHoldsItsCalls } from './provider-holds-its-calls.experiment.ts';
import { randomFaults } from './random-faults.experiment.ts';
import { redisFlushed, redisFull, redisHung, redisStopped } from './redis.experiments.ts';
import { refundRace } from './refund-race.experiment.ts';
import { retryStorm } from './retry-storm.experiment.ts';
import { rollingRestart } from './rolling-restart.experiment.ts';
import { signedOutThenFlushed } from './signed-out-then-flushed.experiment.ts';
import { slowSockets } from './slow-sockets.experiment.ts';
import { strangers } from './strangers.experiment.ts';

/** All experiments, in the order of a run. A new one is a file of this folder and a line here. */
export const experiments: readonly Experiment[] = [
  calm,
  doubleClick,
  lastPiece,
  awkwardPrices,
  flashSale,
  refundRace,
  cancelWhilePaymentIsDown,
  fulfilmentOutOfOrder,
  strangers,
  killService,
  killBetweenChargeAndReply,
  consumerKilled,
  postgresStopped,
  postgresBlackHoled,
  sessionsEnded,
  locksOnOneProduct,
  redisStopped,
  redisHung,
  redisFull,
  redisFlushed,
  signedOutThenFlushed,
  lostReplies,
  providerSlow,
  providerHangs,
  providerFails,
  providerTalksGarbage,
  wrongAmount,
  webhooksFirst,
  webhooksInDisorder,
  webhooksHeld,
  eventsSentAgain,
  clockSkew,
  overload,
  poisonedEvents,
  providerHoldsItsCalls,
  randomFaults,
  retryStorm,
  rollingRestart,
  slowSockets,
];
