import type { Experiment } from '../experiment.ts';
import { SERVICES } from '../platform.ts';
import { growAndShrink } from './scaling.ts';

const VISITED_S = 90;
/** So many times the usual rate keep the two pods of a service above 70 % of the CPU that they ask for. */
const TIMES = 5;

export const autoscalingCpu: Experiment = {
  id: 'autoscaling-cpu',
  title: 'the autoscalers add pods when there is much to do, and take them away afterwards',
  run: async (lab) => {
    await lab.platform.freeAutoscalers();
    try {
      await growAndShrink(lab, SERVICES, lab.rate * TIMES, VISITED_S);
    } finally {
      await lab.platform.holdAutoscalers();
    }
  },
};
