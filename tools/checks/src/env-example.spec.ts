import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { variablesIn } from './env-example.ts';
import { filesOf, ROOT, textOf } from './repository.ts';

interface ConfigModule {
  loadConfig: { variables: readonly { name: string }[] };
}

// Read by other programs than the services: the runner, the seeds, the migrations, OpenTelemetry.
const NOT_OF_SERVICES = [
  ...['GATEWAY_PORT', 'EMPORIUM_DATA_DIR', 'SEED_ADMIN_PASSWORD', 'SEED_CUSTOMER_PASSWORD', 'APP_ROLE', 'MIGRATIONS'],
  ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'SIMULATOR_LATENCY_MS'],
];

const configs = filesOf(['services/*/src/config.ts']);
const example = existsSync(join(ROOT, '.env.example')) ? textOf('.env.example') : '';

async function variablesOf(file: string): Promise<string[]> {
  const { loadConfig } = (await import(pathToFileURL(join(ROOT, file)).href)) as ConfigModule;
  return loadConfig.variables.map(({ name }) => name);
}

describe('.env.example', () => {
  it('is compared with every service', () => {
    expect(configs).toHaveLength(5);
  });

  it.each(configs)('names every variable of %s', async (file) => {
    const missing = (await variablesOf(file)).filter((name) => !variablesIn(example).includes(name));

    expect(missing).toEqual([]);
  });

  it('names nothing that nobody reads', async () => {
    const known = new Set([...(await Promise.all(configs.map(variablesOf))).flat(), ...NOT_OF_SERVICES]);

    expect(variablesIn(example).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the variables in a text', () => {
  it('are those that are set and those that are commented out', () => {
    expect(variablesIn('# Words about it.\nPORT=1\n# LOG_LEVEL=info\n#A=\nnot=one\n')).toEqual(['PORT', 'LOG_LEVEL', 'A']);
  });
});
