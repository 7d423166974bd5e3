/** What a variable holds, as the check of `.env.example` and error messages name it. */
export type VariableKind = 'string' | 'secret' | 'port' | 'url' | 'integer' | 'duration' | 'boolean' | 'one of' | 'list' | 'json';

/** One environment variable: its name, how its text is read, and what happens when it is missing. */
export interface Variable<Value> {
  readonly name: string;
  readonly kind: VariableKind;
  readonly secret: boolean;
  readonly optional: boolean;
  readonly requiredInProduction: boolean;
  readonly default: Value | undefined;
  readonly defaultInProduction: Value | undefined;
  /** Returns the value or throws Unreadable. */
  readonly read: (text: string) => Value;
}

/** Why a text cannot be the value: completes "NAME …". Must not repeat the text, which may be a secret in the wrong place. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** What may be said of a missing value. `requiredInProduction`: default or absence is accepted only outside production. */
export interface Presence<Value> {
  default?: Value;
  /** Used instead of `default` when NODE_ENV is production. */
  defaultInProduction?: Value;
  optional?: true;
  requiredInProduction?: true;
}

/** The type of the loaded value: undefined is possible only without a default. */
export type Loaded<Value, Options> = Options extends { default: infer _Default }
  ? Value
  : Options extends { optional: true } | { requiredInProduction: true }
    ? Value | undefined
    : Value;
