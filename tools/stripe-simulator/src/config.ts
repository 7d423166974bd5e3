import { readFileSync } from 'node:fs';
import { z } from 'zod';

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3006),
  HOST: z.string().default('127.0.0.1'),
  WEBHOOK_URL: z.url().optional(),
  WEBHOOK_EVENTS: z
    .string()
    .transform((list) => list.split(',').map((type) => type.trim()))
    .optional(),
  WEBHOOK_SECRET: z.string().min(1).default('whsec_development'),
  /** A file that holds the secret; wins over the variable. */
  WEBHOOK_SECRET_FILE: z.string().optional(),
  SIMULATOR_DATA_FILE: z.string().optional(),
  SIMULATOR_LATENCY_MS: z.coerce.number().int().min(0).max(600_000).default(0),
});

export type SimulatorConfig = z.infer<typeof environment>;

/** Reads the settings, or throws one error that names every mistake. */
export function loadConfig(variables: NodeJS.ProcessEnv): SimulatorConfig {
  const filled = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const result = environment.safeParse(filled);
  if (result.success) return withSecretOfFile(result.data);
  throw new Error(`The simulator cannot start:\n${z.prettifyError(result.error)}`);
}

function withSecretOfFile(config: SimulatorConfig): SimulatorConfig {
  if (config.WEBHOOK_SECRET_FILE === undefined) return config;
  return { ...config, WEBHOOK_SECRET: readFileSync(config.WEBHOOK_SECRET_FILE, 'utf8').trim() };
}
