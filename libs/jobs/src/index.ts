export { type GivenUpJob, GivenUpJobs } from './given-up-jobs.ts';
export { type JobOptions, Jobs } from './jobs.ts';
export { liveJobs } from './live-jobs.ts';
export { jobsMigrations, migrateJobs } from './migrate-jobs.ts';
export { type Sweep, type SweepOptions, startSweep } from './sweep.ts';
export { startWorker } from './worker.ts';
export type { JobWorker, Task, TaskContext, WorkerOptions } from './worker-options.ts';
