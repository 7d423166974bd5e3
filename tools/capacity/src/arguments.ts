import { parseArgs } from 'node:util';

export interface Arguments {
  readonly rps: number;
  readonly peak: number;
  readonly headroom: number;
  readonly costs: string;
  readonly volume: string;
  readonly mix: string;
  readonly prices: string;
  readonly assumptions: string;
  readonly json: string | undefined;
  readonly patches: string | undefined;
  readonly validate: string | undefined;
}

export const usage = `npm run capacity -- --rps N [options]
  --rps N            requests per second at the gateway, averaged over the month
  --peak N           how many times that is the busiest hour; 3
  --headroom N       share of what there is that stays free even then, from 0 to below 1; 0.3
  --costs FILE       what was measured; loadtests/baselines/bench.json
  --volume FILE      what an order takes of disks; loadtests/baselines/dataset.json
  --mix FILE         shares of the requests; tools/capacity/data/mix.json
  --prices FILE      tools/capacity/data/prices.json
  --assumptions FILE tools/capacity/data/assumptions.json
  --json [FILE]      the plan for programs, to a file or instead of the table
  --patches DIR      writes the kustomize component that the plan implies
  --validate FILE    no plan: what this model says of runs that were made, and what they showed`;

const FILES = {
  costs: 'loadtests/baselines/bench.json',
  volume: 'loadtests/baselines/dataset.json',
  mix: 'tools/capacity/data/mix.json',
  prices: 'tools/capacity/data/prices.json',
  assumptions: 'tools/capacity/data/assumptions.json',
};

/** Everything that is wrong with the command line, in one message. */
export class Mistakes extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

export function readArguments(argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({ args: [...argv], strict: false, tokens: true });
  const mistakes: string[] = [];
  const given = new Map<string, string>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'option') {
      const next = tokens[index + 1];
      const value = token.value ?? (next?.kind === 'positional' ? next.value : '');
      if (!names.has(token.name)) mistakes.push(`There is no option --${token.name}.`);
      else if (given.has(token.name)) mistakes.push(`--${token.name} is given twice.`);
      else if (value === '' && token.name !== 'json') mistakes.push(`--${token.name} wants a value.`);
      given.set(token.name, value);
    } else if (token.kind === 'positional' && !isValueOf(tokens[index - 1])) {
      mistakes.push(`Nobody asked for ${JSON.stringify(token.value)}.`);
    }
  }

  const number = (name: string, otherwise: number | undefined, allowed: (value: number) => boolean, rule: string): number => {
    const text = given.get(name);
    if (text === '') return Number.NaN;
    const value = text === undefined ? otherwise : Number(text);
    if (value === undefined) mistakes.push(`--${name} is missing: ${rule}.`);
    else if (!allowed(value)) mistakes.push(`--${name} must be ${rule}, not ${JSON.stringify(text)}.`);
    return value ?? Number.NaN;
  };
  const result = {
    rps: number(
      'rps',
      given.has('validate') ? 1 : undefined,
      (value) => value > 0 && value <= 1e7,
      'a number of requests from above 0 to 10,000,000',
    ),
    peak: number('peak', 3, (value) => value >= 1 && value <= 100, 'a factor from 1 to 100'),
    headroom: number('headroom', 0.3, (value) => value >= 0 && value <= 0.9, 'a share from 0 to 0.9'),
    costs: given.get('costs') ?? FILES.costs,
    volume: given.get('volume') ?? FILES.volume,
    mix: given.get('mix') ?? FILES.mix,
    prices: given.get('prices') ?? FILES.prices,
    assumptions: given.get('assumptions') ?? FILES.assumptions,
    json: given.get('json'),
    patches: given.get('patches'),
    validate: given.get('validate'),
  };
  if (mistakes.length > 0) throw new Mistakes(mistakes);
  return result;
}

const names = new Set([
  'rps',
  'peak',
  'headroom',
  'costs',
  'volume',
  'mix',
  'prices',
  'assumptions',
  'json',
  'patches',
  'validate',
]);

const isValueOf = (token: { kind: string; value?: unknown } | undefined): boolean =>
  token?.kind === 'option' && token.value === undefined;
