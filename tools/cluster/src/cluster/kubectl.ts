import { attempt, type CommandOptions, type Ended, run } from '../command.ts';

export const NAMESPACE = 'emporium';

/** A thing of the API, as far as this tool looks at it. */
export interface Thing {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  // biome-ignore lint/suspicious/noExplicitAny: every kind has fields of its own
  readonly spec?: any;
  // biome-ignore lint/suspicious/noExplicitAny: every kind has fields of its own
  readonly status?: any;
}

/** kubectl on one cluster and one namespace. */
export class Kubectl {
  private readonly common: readonly string[];

  constructor(kubeconfig?: string) {
    this.common = [...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]), `--namespace=${NAMESPACE}`];
  }

  run(args: readonly string[], options?: CommandOptions): Promise<string> {
    return run('kubectl', [...this.common, ...args], options);
  }

  attempt(args: readonly string[], options?: CommandOptions): Promise<Ended> {
    return attempt('kubectl', [...this.common, ...args], options);
  }

  async list(kind: string, ...more: readonly string[]): Promise<Thing[]> {
    return (JSON.parse(await this.run(['get', kind, '-o', 'json', ...more])) as { items: Thing[] }).items;
  }

  async get(kind: string, name: string): Promise<Thing> {
    return JSON.parse(await this.run(['get', kind, name, '-o', 'json'])) as Thing;
  }

  apply(manifest: string): Promise<string> {
    return this.run(['apply', '-f', '-'], { input: manifest });
  }
}

/** Ready, and not on its way out. */
export function isReady({ metadata, status }: Thing): boolean {
  const conditions: { type: string; status: string }[] = status?.conditions ?? [];
  return metadata.deletionTimestamp === undefined && conditions.some((one) => one.type === 'Ready' && one.status === 'True');
}
