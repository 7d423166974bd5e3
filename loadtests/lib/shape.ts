/** A stretch of a run: so much of its whole time, ending at so many times its rate. `jump` goes there at once, otherwise it is a ramp. */
export interface Phase {
  readonly share: number;
  readonly times: number;
  readonly jump?: boolean;
}

/** Phases that are judged together. */
export interface Act {
  readonly name: string;
  /** `held`: the promised limits. `survived`: overload, so only what holds then too: clean and quick refusals. */
  readonly must: 'held' | 'survived';
  /** Where it begins, in times of the rate; usually where its first phase stays. */
  readonly from: number;
  readonly phases: readonly Phase[];
}

export type Shape = readonly Act[];

const at = (name: string, share: number, times: number): Act => ({
  name,
  must: 'held',
  from: times,
  phases: [{ share, times }],
});

/** From a fifth of the rate to all of it, in seconds of its own, before a shape begins. */
export const rise: Act = { name: 'rise', must: 'survived', from: 0.2, phases: [{ share: 1, times: 1 }] };

/** The same all the time. */
export const steady: Shape = [at('visit', 1, 1)];

/** Up in steps to three times the rate, and down again: what is slow under stress must be quick afterwards. */
export const steps: Shape = [
  at('calm', 0.2, 1),
  {
    name: 'storm',
    must: 'survived',
    from: 1,
    phases: [
      { share: 0.1, times: 2 },
      { share: 0.2, times: 2 },
      { share: 0.1, times: 3 },
      { share: 0.2, times: 3 },
    ],
  },
  // The first moments of calm are spent on what the storm left in the queues.
  { name: 'ebb', must: 'survived', from: 1, phases: [{ share: 0.05, times: 1 }] },
  at('recovery', 0.15, 1),
];

/** Five times the visitors within a breath. */
export const burst: Shape = [
  at('calm', 0.3, 1),
  { name: 'storm', must: 'survived', from: 5, phases: [{ share: 0.25, times: 5 }] },
  { name: 'ebb', must: 'survived', from: 1, phases: [{ share: 0.1, times: 1 }] },
  at('recovery', 0.35, 1),
];

/** From a twentieth to all of the rate, in a line; ends where the limits are broken. */
export const climb: Shape = [{ name: 'climb', must: 'held', from: 0.05, phases: [{ share: 1, times: 1 }] }];
