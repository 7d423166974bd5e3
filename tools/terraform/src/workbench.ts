import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, type Ended } from './command.ts';
import { attachSchemaProvider } from './provider/schema-provider.ts';
import { readSchema } from './schema/schema.file.ts';
import { schemaFile } from './terraform.files.ts';

/** Runs Terraform on a folder of configurations, against the provider that knows only the schema. */
export class Workbench {
  readonly folder: string;
  /** For states and other files of one run. */
  readonly scratch: string;
  /** The provider whose schema is asked, such as `hashicorp/aws 6.66.0`. */
  readonly provider: string;
  private readonly env: Record<string, string>;
  private readonly closeProvider: () => Promise<void>;
  private readonly initialised = new Set<string>();

  private constructor(
    folder: string,
    scratch: string,
    provider: string,
    env: Record<string, string>,
    closeProvider: () => Promise<void>,
  ) {
    this.folder = folder;
    this.scratch = scratch;
    this.provider = provider;
    this.env = env;
    this.closeProvider = closeProvider;
  }

  static async open(folder: string): Promise<Workbench> {
    const scratch = mkdtempSync(join(tmpdir(), 'emporium-terraform-'));
    // Settings of whoever runs this must not decide where providers come from.
    const settings = join(scratch, 'terraformrc');
    writeFileSync(settings, '');
    const schema = readSchema(schemaFile);
    const attached = await attachSchemaProvider(schema, join(scratch, 'provider.sock'));
    const env = {
      TF_CLI_CONFIG_FILE: settings,
      TF_REATTACH_PROVIDERS: attached.reattach,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
    };
    return new Workbench(folder, scratch, `${schema.provider.name} ${schema.provider.version}`, env, attached.close);
  }

  async terraform(configuration: string, args: string[]): Promise<Ended> {
    const data = join(this.scratch, 'data', configuration.replaceAll('/', '-'));
    const options = { cwd: join(this.folder, configuration), env: { ...this.env, TF_DATA_DIR: data } };
    if (!this.initialised.has(configuration)) {
      mkdirSync(data, { recursive: true });
      const init = await command('terraform', ['init', '-backend=false', '-input=false', '-no-color'], options);
      if (init.code !== 0) return init;
      this.initialised.add(configuration);
    }
    return command('terraform', args, options);
  }

  async close(): Promise<void> {
    await this.closeProvider();
    rmSync(this.scratch, { recursive: true, force: true });
  }
}
