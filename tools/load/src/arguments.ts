import { parseArgs } from 'node:util';

export interface Arguments {
  /** A file of loadtests/profiles. */
  readonly profile: string | undefined;
  /** Lists the profiles. */
  readonly list: boolean;
  /** Only has k6 read every profile. */
  readonly check: boolean;
  /** The gateway of a platform that runs already; without it one is started. */
  readonly target: string | undefined;
  readonly allowRemote: boolean;
  /** keys.json of that platform's data folder. */
  readonly keys: string | undefined;
  /** Requests a second. */
  readonly rate: number | undefined;
  readonly seconds: number | undefined;
  /** Folder for the report and the figures. */
  readonly out: string;
  /** Settings of the platform that is started, beyond its defaults. */
  readonly env: Readonly<Record<string, string>>;
  /** A data folder with a shop in it (`npm run dataset`), which the platform is started on; without it, a new and small one. */
  readonly data: string | undefined;
  /** Processes of each service, behind balancers when it is more than one. */
  readonly replicas: number;
  readonly keep: boolean;
}

export const usage = `npm run load -- PROFILE [options]      npm run load -- --list
  --rate N          requests a second, instead of the profile's own
  --duration 60s    so long (also 5m, 1h, or seconds), instead of the profile's own
  --out DIR         where the report (HTML) and the figures (JSON) go; default loadtests/reports
  --env NAME=VALUE  a setting of the platform that is started; may be repeated, and stands in the report
  --data DIR        the platform is started on this data folder (npm run dataset), and leaves what is bought there
  --replicas N      so many processes of each service, behind balancers of connections; default 1
  --target URL      a platform that runs already; its gateway's address
  --allow-remote    the target may be another machine than this one
  --keys FILE       keys.json of the target's data folder: customers need no password then
  --keep            leaves data and logs of the platform
  --check           only has k6 read every profile
  --list            what there is`;

/** Throws one line in words for what cannot be understood. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      target: { type: 'string' },
      'allow-remote': { type: 'boolean', default: false },
      keys: { type: 'string' },
      rate: { type: 'string' },
      duration: { type: 'string' },
      out: { type: 'string', default: 'loadtests/reports' },
      env: { type: 'string', multiple: true, default: [] },
      data: { type: 'string' },
      replicas: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
    },
  });
  const [profile, ...more] = positionals;
  if (more.length > 0) throw new Error(`One profile at a time, not also ${more.join(', ')}.`);
  if (profile === undefined && !values.list && !values.check) throw new Error('Which profile?');
  const ofOurs = [values.env.length > 0 && '--env', values.data && '--data', values.replicas !== '1' && '--replicas'].filter(
    Boolean,
  );
  if (values.target !== undefined && ofOurs.length > 0)
    throw new Error(`For a platform that is started here only: ${ofOurs.join(', ')}.`);
  return {
    profile,
    list: values.list,
    check: values.check,
    target: values.target,
    allowRemote: values['allow-remote'],
    keys: values.keys,
    rate: values.rate === undefined ? undefined : wholeNumber('--rate', values.rate),
    seconds: values.duration === undefined ? undefined : secondsIn(values.duration),
    out: values.out,
    env: Object.fromEntries(values.env.map(assignment)),
    data: values.data,
    replicas: wholeNumber('--replicas', values.replicas),
    keep: values.keep,
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600 };

function secondsIn(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? 0);
  if (!(seconds >= 1)) throw new Error(`--duration takes 30s, 5m or 1h, not ${text}.`);
  return seconds;
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`${name} takes a whole number from 1 on, not ${text}.`);
  return Number(text);
}

function assignment(text: string): [string, string] {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Error(`--env takes NAME=VALUE, not ${text}.`);
  return [name, value];
}
