import { parseArgs } from 'node:util';

export const services = ['gateway', 'product', 'order', 'payment', 'user'] as const;
export type Service = (typeof services)[number];

export interface ProfileArguments {
  readonly services: readonly Service[];
  readonly scenario: string;
  readonly seconds: number;
  /** How many lines of each table. */
  readonly top: number;
  /** Folder for the profiles. */
  readonly out: string;
}

export const usage = `npm run profile -- <gateway|product|order|payment|user>[,…] [options]
  --scenario NAME  what is done meanwhile, default product-read-through; npm run bench -- --list names all
  --seconds N      for how long, default 10
  --top N          lines of the tables of self time, default 25
  --out FOLDER     where profiles and flame graphs go, default .data/profiles`;

/** Throws one line in words for what cannot be understood. */
export function readArguments(argv: readonly string[]): ProfileArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      scenario: { type: 'string', default: 'product-read-through' },
      seconds: { type: 'string', default: '10' },
      top: { type: 'string', default: '25' },
      out: { type: 'string', default: '.data/profiles' },
    },
  });
  const names = positionals.flatMap((text) => text.split(','));
  const strange = names.filter((name) => !isService(name));
  if (names.length === 0 || strange.length > 0)
    throw new Error(`Name the services to look at, not ${strange.join(', ') || 'none'}.`);
  const { scenario, out } = values;
  return {
    services: names.filter(isService),
    scenario,
    seconds: from(1, '--seconds', values.seconds),
    top: from(1, '--top', values.top),
    out,
  };
}

const isService = (name: string): name is Service => (services as readonly string[]).includes(name);

function from(least: number, name: string, text: string): number {
  const value = Number(text);
  if (!(value >= least && value <= 600)) throw new Error(`${name} takes a number from ${least} to 600, not ${text}.`);
  return value;
}
