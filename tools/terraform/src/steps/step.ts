import type { Workbench } from '../workbench.ts';

export interface Outcome {
  /** One line for people: what was looked at. */
  summary: string;
  /** What is wrong; none is good. */
  findings: string[];
}

export interface Step {
  name: string;
  /** Programs it cannot do without. */
  needs: string[];
  run(bench: Workbench): Promise<Outcome>;
}
