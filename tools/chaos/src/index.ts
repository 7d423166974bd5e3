export type { Experiment, Group, Limit, Statistic, Trial, Unit } from './experiment.ts';
export { experiments } from './experiments/index.ts';
export { invariants, type Violation } from './invariants/index.ts';
export { main } from './main.ts';
export type { ExperimentResult, SuiteResult } from './report/result.ts';
export { runSuite, type SuiteOptions } from './suite.ts';
