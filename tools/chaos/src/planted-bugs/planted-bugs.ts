import { acknowledgeBeforeCommit } from './acknowledge-before-commit.ts';
import { breakerWithoutAbort } from './breaker-without-abort.ts';
import { checkThenActStock } from './check-then-act-stock.ts';
import { floatMoney } from './float-money.ts';
import { historyEdgeSkipped } from './history-edge-skipped.ts';
import { missingOwnerCheck } from './missing-owner-check.ts';
import { noDedupe } from './no-dedupe.ts';
import { noKeyLock } from './no-key-lock.ts';
import type { PlantedBug } from './planted-bug.ts';
import { refundWithoutLock } from './refund-without-lock.ts';
import { retryAtEachHop } from './retry-at-each-hop.ts';
import { revocationOnlyInRedis } from './revocation-only-in-redis.ts';
import { swallowedError } from './swallowed-error.ts';

/** What the suite has to find before anyone believes that it finds anything. */
export const plantedBugs: readonly PlantedBug[] = [
  checkThenActStock,
  acknowledgeBeforeCommit,
  noDedupe,
  noKeyLock,
  floatMoney,
  refundWithoutLock,
  swallowedError,
  breakerWithoutAbort,
  revocationOnlyInRedis,
  missingOwnerCheck,
  retryAtEachHop,
  historyEdgeSkipped,
];
