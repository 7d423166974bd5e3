import { parseArgs } from 'node:util';

export interface Arguments {
  readonly smoke: boolean;
  readonly list: boolean;
  /** Looks whether the suite finds the planted bugs; `only` then names bugs. */
  readonly planted: boolean;
  readonly keep: boolean;
  readonly only: readonly string[] | undefined;
  readonly seed: number;
  readonly trials: number | undefined;
  /** Where the results are written. */
  readonly json: string | undefined;
}

export const usage = `npm run chaos [-- options]
  --smoke          a few trials of the most telling experiments, at most five minutes
  --only a,b       these experiments alone
  --trials N       so many of each
  --seed N         the schedule of an earlier run
  --list           what there is
  --planted        whether the suite finds what is planted; --only names bugs
  --json FILE      results for programs
  --keep           leaves data and logs of the platform`;

/** Throws one line in words for what cannot be understood. */
export function readArguments(argv: readonly string[], chance: () => number = Math.random): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      smoke: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      planted: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      only: { type: 'string' },
      seed: { type: 'string' },
      trials: { type: 'string' },
      json: { type: 'string' },
    },
  });
  return {
    smoke: values.smoke,
    list: values.list,
    planted: values.planted,
    keep: values.keep,
    only: values.only?.split(',').map((id) => id.trim()),
    seed: values.seed === undefined ? Math.floor(chance() * 1_000_000) : wholeNumber('--seed', values.seed),
    trials: values.trials === undefined ? undefined : wholeNumber('--trials', values.trials),
    json: values.json,
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} takes a whole number, not ${text}.`);
  return Number(text);
}
