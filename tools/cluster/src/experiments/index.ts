import type { Experiment } from '../experiment.ts';
import { autoscalingCpu } from './autoscaling-cpu.experiment.ts';
import { autoscalingRequests } from './autoscaling-requests.experiment.ts';
import { disruptionBudget } from './disruption-budget.experiment.ts';
import { drainedNode } from './drained-node.experiment.ts';
import { failedMigration } from './failed-migration.experiment.ts';
import { killedNode } from './killed-node.experiment.ts';
import { networkPolicy } from './network-policy.experiment.ts';
import { purchase } from './purchase.experiment.ts';
import { rollingRestart } from './rolling-restart.experiment.ts';
import { rootPod } from './root-pod.experiment.ts';
import { volumeSurvives } from './volume-survives.experiment.ts';

/** In the order in which they are run. */
export const experiments: readonly Experiment[] = [
  purchase,
  networkPolicy,
  rootPod,
  disruptionBudget,
  rollingRestart,
  drainedNode,
  killedNode,
  failedMigration,
  volumeSurvives,
  autoscalingCpu,
  autoscalingRequests,
];
