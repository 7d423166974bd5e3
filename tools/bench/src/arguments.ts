import { parseArgs } from 'node:util';

export interface Arguments {
  readonly list: boolean;
  /** Names of scenarios, or beginnings of names. */
  readonly only: readonly string[] | undefined;
  /** Measured time of each scenario, all rounds together. */
  readonly seconds: number;
  /** Time before that in which each scenario is only asked. */
  readonly warmUpSeconds: number;
  readonly json: string | undefined;
  /** Compares with the committed figures. */
  readonly check: boolean;
  /** Writes the committed figures. */
  readonly save: boolean;
}

export const usage = `npm run bench [-- options]
  --only a,b       these scenarios, or all that begin so, with the baselines they are compared with
  --seconds N      measured time of each scenario, default 10, in five rounds
  --warm-up N      least time before that in which each scenario is only asked, default 6
  --list           what there is
  --json FILE      results for programs
  --check          fails when a ratio is more than 10 % below the committed one
  --save           writes the committed figures, loadtests/baselines/bench.json`;

// All scenarios of a run must end before the access tokens do.
const MOST_SECONDS = 30;

/** Throws one line in words for what cannot be understood. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      list: { type: 'boolean', default: false },
      only: { type: 'string' },
      seconds: { type: 'string', default: '10' },
      'warm-up': { type: 'string', default: '6' },
      json: { type: 'string' },
      check: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  });
  const { list, check, save, json, only } = values;
  return {
    ...{ list, check, save, json, only: only?.split(',').map((name) => name.trim()) },
    seconds: secondsIn('--seconds', values.seconds),
    warmUpSeconds: secondsIn('--warm-up', values['warm-up']),
  };
}

function secondsIn(name: string, text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= MOST_SECONDS))
    throw new Error(`${name} takes a number from 1 to ${MOST_SECONDS}, not ${text}.`);
  return seconds;
}
