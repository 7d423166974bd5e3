import type { Limit } from '../measure/limit.ts';
import type { Machine } from '../measure/machine.ts';
import type { Point } from '../measure/recording.ts';
import type { ServerUse } from '../measure/servers.ts';
import type { Books, Row, Threshold } from '../measure/summary.ts';

/** Everything a run has shown: the JSON file, and what the table and the report are made of. */
export interface Result {
  readonly profile: string;
  readonly startedAt: string;
  readonly machine: Machine;
  readonly options: {
    readonly rate: number;
    /** How long they came in growing numbers before; the servers had just started. Not judged, and in no row. */
    readonly riseSeconds: number;
    /** How long visitors came. */
    readonly seconds: number;
    readonly mix: Readonly<Record<string, number>>;
    /** The gateway, when it was not a platform of the run's own. */
    readonly target: string | undefined;
    /** Settings of the own platform that are not its defaults. */
    readonly settings: Readonly<Record<string, string>> | undefined;
    /** Processes of each service of the own platform. */
    readonly replicas: number | undefined;
    /** The folder whose shop it served; undefined for the small one of a new platform. */
    readonly data: string | undefined;
  };
  readonly total: Row;
  readonly journeys: readonly Row[];
  /** Stretches of the run that were judged apart, when there were several. */
  readonly acts: readonly Row[];
  readonly purchases: number;
  /** Visits that the generator could not begin. */
  readonly dropped: number;
  /** No answer, 500 or 502. */
  readonly unclean: number;
  readonly books: Books;
  readonly thresholds: readonly Threshold[];
  /** Of a run that looks for it. */
  readonly limit: Limit | undefined;
  readonly servers: readonly ServerUse[];
  /** CPU seconds of programs that have nothing to do with the run: the more, the worse its figures. */
  readonly othersCpuSeconds: number | undefined;
  /** Processes that died under the load. */
  readonly restarts: Readonly<Record<string, number>>;
  readonly timeline: readonly Point[];
  readonly use: readonly UseOverTime[];
  readonly held: boolean;
}

/** For the charts: what one process used, over time. */
export interface UseOverTime {
  readonly name: string;
  /** [second, cores] */
  readonly cores: readonly (readonly [number, number])[];
  /** [second, bytes] */
  readonly memory: readonly (readonly [number, number])[];
}
