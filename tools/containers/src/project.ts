import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, run } from './command.ts';
import { type Container, serviceOf } from './container.ts';

export interface ProjectOptions {
  readonly name: string;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/** One compose project: started, looked at, hurt and taken down. */
export class Project {
  constructor(private readonly options: ProjectOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** Resolves when everything is healthy; the answer is how many seconds that took. */
  async up(): Promise<number> {
    const began = performance.now();
    await this.compose('up', '--detach', '--wait', '--wait-timeout', '300', '--no-build');
    return (performance.now() - began) / 1_000;
  }

  async containers(): Promise<Container[]> {
    const ids = (await this.compose('ps', '--all', '--quiet')).split('\n').filter(Boolean);
    return JSON.parse(await run('docker', ['inspect', ...ids])) as Container[];
  }

  async container(service: string): Promise<Container> {
    const found = (await this.containers()).find((container) => serviceOf(container) === service);
    if (found === undefined) throw new Error(`There is no container of ${service}.`);
    return found;
  }

  /** Whether a line of JavaScript, run in a service's container, ends with 0. */
  async runsIn(service: string, program: string): Promise<boolean> {
    const { Id } = await this.container(service);
    return (await attempt('docker', ['exec', Id, '/usr/local/bin/node', '-e', program])).code === 0;
  }

  /** MiB by service. */
  async memory(): Promise<Map<string, number>> {
    const running = (await this.containers()).filter(({ State }) => State.Running);
    const names = new Map(running.map((container) => [container.Id.slice(0, 12), serviceOf(container)]));
    const lines = await run('docker', ['stats', '--no-stream', '--format', '{{.ID}} {{.MemUsage}}', ...names.keys()]);
    return new Map(
      lines
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(' '))
        .map(([id = '', use = '']) => [names.get(id) ?? id, mebibytes(use)]),
    );
  }

  /**
   * Ends a container's process as a crash would. `docker kill` would count as a person's wish, and nothing would start it again; a
   * container that shares the engine's processes may kill it as the kernel would.
   */
  async crash(service: string, image: string): Promise<void> {
    const { State } = await this.container(service);
    const options = ['run', '--rm', '--pid', 'host', '--user', '0', '--network', 'none', image];
    await run('docker', [...options, '-e', `process.kill(${State.Pid}, 'SIGKILL')`]);
  }

  /** Waits for another process in the service's container, and for its health. Seconds. */
  async healed(service: string, before: number, patienceMs = 60_000): Promise<number> {
    const began = performance.now();
    while (performance.now() - began < patienceMs) {
      const { State } = await this.container(service);
      if (State.Running && State.Pid !== before && State.Health?.Status === 'healthy') return (performance.now() - began) / 1_000;
      await sleep(250);
    }
    throw new Error(`${service} was not healthy again after ${patienceMs / 1_000} s`);
  }

  /** SIGTERM, and after `graceSeconds` the end. Returns how it ended and after how long. */
  async stop(service: string, graceSeconds: number): Promise<{ code: number; seconds: number }> {
    const { Id } = await this.container(service);
    const began = performance.now();
    await run('docker', ['stop', '--time', String(graceSeconds), Id]);
    const seconds = (performance.now() - began) / 1_000;
    return { code: (await this.container(service)).State.ExitCode, seconds };
  }

  async down(): Promise<void> {
    await this.compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
  }

  /** What the engine still has of this project, in words. */
  async leftovers(): Promise<string[]> {
    const label = `label=com.docker.compose.project=${this.options.name}`;
    const kinds = [
      ['container', 'ls', '--all'],
      ['volume', 'ls'],
      ['network', 'ls'],
    ];
    const found = await Promise.all(
      kinds.map(async ([kind = '', ...args]) => {
        const lines = (await run('docker', [kind, ...args, '--quiet', '--filter', label])).split('\n').filter(Boolean);
        return lines.map((id) => `${kind} ${id}`);
      }),
    );
    return found.flat();
  }

  async logs(service: string): Promise<string> {
    return this.compose('logs', '--no-color', '--tail', '15', service);
  }

  private compose(...args: string[]): Promise<string> {
    const { name, root, env } = this.options;
    return run('docker', ['compose', '--project-name', name, '--project-directory', root, ...args], { env });
  }
}

const MEBIBYTES = new Map([
  ['KiB', 1 / 1024],
  ['MiB', 1],
  ['GiB', 1024],
]);

/** Of what `docker stats` writes: `87.42MiB`. */
export function mebibytes(text: string): number {
  const [, figure, unit = ''] = /^([\d.]+)([KMG]iB)$/.exec(text) ?? [];
  const factor = MEBIBYTES.get(unit);
  if (figure === undefined || factor === undefined) throw new Error(`"${text}" is no amount of memory.`);
  return Number(figure) * factor;
}
