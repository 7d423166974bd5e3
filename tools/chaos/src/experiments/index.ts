import type { Experiment } from '../experiment.ts';
import { calm } from './calm.experiment.ts';

/** All experiments, in the order of a run. A new one is a file of this folder and a line here. */
export const experiments: readonly Experiment[] = [calm];
