import { cpuSecondsOf, machineCpuSeconds, memoryBytesOf } from '@emporium/local';

/** What one process, with its children, had used at one time. */
export interface Sample {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly cpuSeconds: number;
  /** Looked at less often than the processor time. */
  readonly memoryBytes: number | undefined;
}

export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** All programs of the machine together. */
export const MACHINE = 'machine';

/** Summing up the memory of a hundred database processes took 2 % of the machine at every 5 s. */
const MEMORY_EVERY_MS = 20_000;

/** Looks at processes in a rhythm. Nothing is known of them where there is no /proc. */
export class Sampler {
  readonly #samples = new Map<string, Sample[]>();
  readonly #timer: NodeJS.Timeout;
  #memoryAt = 0;

  constructor(
    private readonly pids: () => Readonly<Record<string, number>>,
    periodMs: number,
  ) {
    this.look();
    this.#timer = setInterval(() => this.look(), periodMs);
  }

  stop(): Samples {
    clearInterval(this.#timer);
    this.#memoryAt = 0;
    this.look();
    return this.#samples;
  }

  private look(): void {
    const at = Date.now();
    const isMemoryDue = at - this.#memoryAt >= MEMORY_EVERY_MS;
    if (isMemoryDue) this.#memoryAt = at;
    for (const [name, pid] of Object.entries(this.pids())) {
      this.note(name, at, cpuSecondsOf(pid), isMemoryDue ? memoryBytesOf(pid) : undefined);
    }
    this.note(MACHINE, at, machineCpuSeconds(), undefined);
  }

  private note(name: string, at: number, cpuSeconds: number | undefined, memoryBytes: number | undefined): void {
    if (cpuSeconds === undefined) return;
    const list = this.#samples.get(name) ?? [];
    list.push({ at, cpuSeconds, memoryBytes });
    this.#samples.set(name, list);
  }
}
