import type { CpuSeconds } from '../cpu/cpu-meter.ts';

/** What one scenario did and used in one round. */
export interface Sample {
  readonly done: number;
  readonly cpu: CpuSeconds;
  readonly tookMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytes?: number;
  /** Time of statements, by service. */
  readonly databaseMs?: Readonly<Record<string, number>>;
}

/** How much of its yardstick's speed per CPU a scenario reaches; of all rounds. */
export interface Ratio {
  readonly of: string;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export interface ScenarioResult {
  readonly at: string;
  readonly commit: string;
  readonly name: string;
  readonly title: string;
  readonly done: number;
  readonly requestsPerCpuSecond: number;
  readonly requestsPerSecond: number;
  /** Per request: of each process, and of all together. */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly totalCpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of one answer, with its headers. */
  readonly bytesOut?: number;
  /** Statements on the server and the wire, by service: the least that a request holds a connection. */
  readonly connectionMs?: Readonly<Record<string, number>>;
  readonly ratio?: Ratio;
  readonly statements?: StatementCount;
}

/** SQL statements of one request, the background's share taken off. */
export interface StatementCount {
  /** Begin, commit and the like left out. */
  readonly perRequest: number;
  readonly transactionControl: number;
  readonly byDatabase: Readonly<Record<string, number>>;
}

/** In the committed file the scenarios may be of several runs, each with its own time and commit. */
export interface BenchResult {
  readonly at: string;
  readonly commit: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly seconds: number;
  readonly rounds: number;
  /** Of one core, by process, while nobody asks for anything; taken off the costs. */
  readonly idle: Readonly<Record<string, number>>;
  /** Resident after the load. */
  readonly memoryMiB: Readonly<Record<string, number>>;
  readonly scenarios: readonly ScenarioResult[];
}
