import type { Breach } from '../invariants/evidence.ts';
import type { Result } from './judge.ts';
import type { Purchase } from './purchase.ts';

/** One call and what came of it. */
export interface Outcome {
  /** Milliseconds since 1970 when it began. */
  readonly at: number;
  /** What the client wanted: `checkout`, `product`. */
  readonly action: string;
  readonly result: Result;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly durationMs: number;
}

export interface Counts {
  readonly ok: number;
  readonly fail: number;
  readonly unknown: number;
}

/** Everything that was seen during one experiment. */
export class Chapter {
  readonly since = new Date();
  readonly outcomes: Outcome[] = [];
  readonly breaches: Breach[] = [];
  readonly purchases: Purchase[] = [];

  counts(): Counts {
    const counts = { ok: 0, fail: 0, unknown: 0 };
    for (const { result } of this.outcomes) counts[result] += 1;
    return counts;
  }
}

/** Writes down what is seen; each experiment has a chapter of its own. */
export class Recorder {
  chapter = new Chapter();

  begin(): Chapter {
    this.chapter = new Chapter();
    return this.chapter;
  }
}
