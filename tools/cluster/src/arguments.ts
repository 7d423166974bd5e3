import { parseArgs } from 'node:util';

export interface Arguments {
  readonly list: boolean;
  /** Ids of experiments; all of them when left out. */
  readonly only: readonly string[] | undefined;
  /** How often everything is restarted in `rolling-restart`. */
  readonly rounds: number;
  /** Visits a second while something is broken. */
  readonly rate: number;
  /** The cluster of the current context, instead of a test cluster of our own. */
  readonly currentContext: boolean;
  /** With `currentContext`: where its gateway answers. */
  readonly address: string | undefined;
  /** Leaves the cluster running. */
  readonly keep: boolean;
  readonly json: string | undefined;
}

export const usage = `npm run test:cluster -- [options]
  --list             what there is
  --only A,B         these experiments
  --rounds N         rolling restarts of everything; default 3
  --rate N           visits a second while something is broken; default 15
  --current-context  uses kubectl's current context, whose nodes have the images, and changes its namespace emporium
  --address URL      with it: where its gateway answers from here
  --keep             leaves the cluster running
  --json FILE        the results, for programs`;

/** Throws one line in words for what cannot be understood. */
export function readArguments(argv: readonly string[], known: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      list: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      rate: { type: 'string', default: '15' },
      'current-context': { type: 'boolean', default: false },
      address: { type: 'string' },
      keep: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const only = values.only?.split(',').filter((id) => id !== '');
  const unknown = only?.filter((id) => !known.includes(id)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no experiment ${unknown.join(', ')}; --list names all.`);
  if (values['current-context'] !== (values.address !== undefined)) {
    throw new Error('--current-context and --address need each other.');
  }
  return {
    list: values.list,
    only,
    rounds: wholeNumber('--rounds', values.rounds),
    rate: wholeNumber('--rate', values.rate),
    currentContext: values['current-context'],
    address: values.address?.replace(/\/$/, ''),
    keep: values.keep,
    json: values.json,
  };
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} must be a whole number from 1.`);
  return number;
}
