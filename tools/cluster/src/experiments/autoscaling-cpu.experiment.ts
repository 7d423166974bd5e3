import type { Experiment } from '../experiment.ts';
import { OVERLAY, SERVICES } from '../platform.ts';
import { growAndShrink } from './scaling.ts';

const VISITED_S = 90;
/** Visits a second, 40 of them purchases. On two cores that is 65 % of the CPU that order and payment ask for, and no more can be had. */
const RATE = 200;
/** So the limit comes down, half of the overlay's 70 %, and what is tried is the autoscaler. */
const TARGET = [{ op: 'replace', path: '/spec/metrics/0/resource/target/averageUtilization', value: 35 }];

export const autoscalingCpu: Experiment = {
  id: 'autoscaling-cpu',
  title: 'the autoscalers add pods when there is much to do, and take them away afterwards',
  run: async (lab) => {
    const { kubectl, platform } = lab;
    await platform.freeAutoscalers();
    for (const name of SERVICES) await kubectl.run(['patch', 'hpa', name, '--type=json', '-p', JSON.stringify(TARGET)]);
    try {
      await growAndShrink(lab, SERVICES, RATE, VISITED_S);
    } finally {
      await kubectl.run(['apply', '-k', OVERLAY]);
      await platform.holdAutoscalers();
    }
  },
};
