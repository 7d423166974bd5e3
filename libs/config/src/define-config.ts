import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import { Unreadable, type Variable, type VariableKind } from './variable.ts';

/** Setting → variable. */
export type ConfigSpec = Record<string, Variable<unknown>>;

/** The loaded settings of a spec. */
export type ConfigOf<Spec extends ConfigSpec> = {
  readonly [Key in keyof Spec]: Spec[Key] extends Variable<infer Value> ? Value : never;
};

/** One variable as `.env.example` should list it; a secret's default is left out. */
export interface VariableDescription {
  setting: string;
  name: string;
  kind: VariableKind;
  secret: boolean;
  /** The service starts without it, at least outside production. */
  optional: boolean;
  requiredInProduction: boolean;
  default?: unknown;
  defaultInProduction?: unknown;
}

/** Reads the environment it is given and raises ConfigError with every mistake; `variables` describes what it reads. */
export interface LoadConfig<Spec extends ConfigSpec> {
  (environment: NodeJS.ProcessEnv): ConfigOf<Spec>;
  readonly variables: readonly VariableDescription[];
}

/**
 * Makes the loader of a spec. An empty variable counts as missing, as compose files write them. The result is frozen.
 * `NAME_FILE` may name a file that holds the value of `NAME`, as containers are given secrets. Does not read `process.env` by itself.
 */
export function defineConfig<const Spec extends ConfigSpec>(spec: Spec): LoadConfig<Spec> {
  refuseDoubles(spec);

  const load = (environment: NodeJS.ProcessEnv): ConfigOf<Spec> => {
    const problems: string[] = [];
    const production = environment.NODE_ENV?.trim() === 'production';

    const settings = Object.entries(spec).map(([setting, variable]) => {
      const outcome = readVariable(variable, environment, production);
      if ('problem' in outcome) problems.push(`${variable.name} ${outcome.problem}`);
      return [setting, 'value' in outcome ? outcome.value : undefined];
    });

    if (problems.length > 0) throw new ConfigError(problems);
    return Object.freeze(Object.fromEntries(settings));
  };

  return Object.assign(load, { variables: describeConfig(spec) });
}

/** The variables of a spec, in its order, without reading anything. */
export const describeConfig = (spec: ConfigSpec): readonly VariableDescription[] =>
  Object.entries(spec).map(([setting, { name, kind, secret, optional, requiredInProduction, ...variable }]) => ({
    setting,
    name,
    kind,
    secret,
    optional: optional || requiredInProduction,
    requiredInProduction,
    ...(!secret && variable.default !== undefined && { default: variable.default }),
    ...(!secret && variable.defaultInProduction !== undefined && { defaultInProduction: variable.defaultInProduction }),
  }));

type Outcome = { value: unknown } | { problem: string };

function readVariable(variable: Variable<unknown>, environment: NodeJS.ProcessEnv, production: boolean): Outcome {
  try {
    const text = textOf(variable.name, environment);
    if (text === '') return absent(variable, production);
    return { value: variable.read(text) };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}

function textOf(name: string, environment: NodeJS.ProcessEnv): string {
  const text = environment[name] ?? '';
  const file = environment[`${name}_FILE`] ?? '';
  if (file === '') return text;
  if (text !== '') throw new Unreadable(`must not be set together with ${name}_FILE`);
  return contentOf(file, name);
}

/** Without the line break that editors and `echo` leave at the end. */
function contentOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    // Not the path: whoever writes the secret itself there would find it in the log.
    throw new Unreadable(`cannot be read from the file of ${name}_FILE (${(error as NodeJS.ErrnoException).code})`);
  }
}

function absent(variable: Variable<unknown>, production: boolean): Outcome {
  if (production && variable.requiredInProduction) return { problem: 'is missing (required in production)' };
  if (production && variable.defaultInProduction !== undefined) return { value: variable.defaultInProduction };
  if (variable.optional || variable.requiredInProduction) return { value: variable.default };
  return { problem: 'is missing' };
}

function refuseDoubles(spec: ConfigSpec): void {
  const names = Object.values(spec).map((variable) => variable.name);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new Error(`The variable ${double} is named twice.`);
  const ambiguous = names.find((name) => names.includes(`${name}_FILE`));
  if (ambiguous !== undefined) throw new Error(`${ambiguous}_FILE is both a variable and the file of ${ambiguous}.`);
}
