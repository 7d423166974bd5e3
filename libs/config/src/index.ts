export { ConfigError } from './config-error.ts';
export {
  type ConfigOf,
  type ConfigSpec,
  defineConfig,
  describeConfig,
  type LoadConfig,
  type VariableDescription,
} from './define-config.ts';
export { env } from './env.ts';
export type { Presence, Variable, VariableKind } from './variable.ts';
