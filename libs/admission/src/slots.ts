/** `size` and `maxWaiting` are read at every decision, so they may be getters of what changes. */
export interface SlotsOptions {
  /** Works at the same time. */
  size: number;
  /** Callers in line before the next is refused. */
  maxWaiting: number;
  /** What somebody is told who finds the line full. */
  full: () => Error;
  /** What somebody is told whose time is over before it is his turn. */
  late: () => Error;
}

interface Waiting {
  readonly deadline: number;
  readonly timer: NodeJS.Timeout | undefined;
  readonly enter: () => void;
  readonly giveUp: (error: Error) => void;
}

/** The longest that a timer can wait; longer ones fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** How much of the time that works take a new one changes; the rest is what the ones before it took. */
const weightOfNewest = 1 / 8;

/**
 * At most `size` works at a time, `maxWaiting` in line, first come first served; who is out of time leaves the line. Whoever would be out of
 * time before his turn is told so when he comes: places before him × what works take ÷ `size`. What works take is learned from those that
 * ended since there is a line, as many as are done at a time at least, so that a first crowd is let in and a line that has gone is forgotten.
 */
export class Slots {
  private running = 0;
  private readonly line = new Set<Waiting>();
  private ended = 0;
  private workMs = 0;

  constructor(private readonly options: SlotsOptions) {}

  /** `deadline`: epoch milliseconds at which nobody waits for the work any more. Work that has begun is not cut short. */
  async run<Result>(work: () => Promise<Result>, deadline = Number.POSITIVE_INFINITY): Promise<Result> {
    await this.enter(deadline);
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.learn(performance.now() - began);
      this.leave();
    }
  }

  private async enter(deadline: number): Promise<void> {
    if (deadline <= Date.now()) throw this.options.late();
    // Slots that have just been added belong to the line.
    this.admit();
    if (this.running < this.options.size) {
      this.running += 1;
      return;
    }
    if (this.line.size >= this.options.maxWaiting) throw this.options.full();
    if (this.expectedWaitMs() > deadline - Date.now()) throw this.options.late();
    await new Promise<void>((enter, giveUp) => {
      const leftMs = deadline - Date.now();
      const timer = leftMs > longestTimerMs ? undefined : setTimeout(() => this.drop(waiting), leftMs);
      const waiting: Waiting = { deadline, timer, enter, giveUp };
      this.line.add(waiting);
    });
  }

  private learn(tookMs: number): void {
    if (this.line.size === 0) {
      this.ended = 0;
      return;
    }
    this.workMs += (tookMs - this.workMs) * Math.max(weightOfNewest, 1 / (this.ended + 1));
    this.ended += 1;
  }

  /** Of the next in line. */
  private expectedWaitMs(): number {
    const { size } = this.options;
    return this.ended < size ? 0 : ((this.line.size + 1) * this.workMs) / size;
  }

  private drop(waiting: Waiting): void {
    this.line.delete(waiting);
    clearTimeout(waiting.timer);
    waiting.giveUp(this.options.late());
  }

  private leave(): void {
    this.running -= 1;
    this.admit();
  }

  /** Fills free slots from the head of the line, at once: a newcomer gets no chance in between. */
  private admit(): void {
    for (const next of this.line) {
      if (this.running >= this.options.size) return;
      // On a busy machine the turn may come before the timer does.
      if (next.deadline <= Date.now()) {
        this.drop(next);
        continue;
      }
      this.line.delete(next);
      clearTimeout(next.timer);
      this.running += 1;
      next.enter();
    }
  }
}
