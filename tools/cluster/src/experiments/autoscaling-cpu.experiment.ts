import type { Experiment } from '../experiment.ts';
import { SERVICES } from '../platform.ts';
import { growAndShrink } from './scaling.ts';

const VISITED_S = 90;
/** Visits a second, 40 of them purchases: more than the CPU that two pods of the order service ask for. 40 visits a second were not. */
const RATE = 200;

export const autoscalingCpu: Experiment = {
  id: 'autoscaling-cpu',
  title: 'the autoscalers add pods when there is much to do, and take them away afterwards',
  run: async (lab) => {
    await lab.platform.freeAutoscalers();
    try {
      await growAndShrink(lab, SERVICES, RATE, VISITED_S);
    } finally {
      await lab.platform.holdAutoscalers();
    }
  },
};
