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

/** At most `size` works at a time, `maxWaiting` in line, first come first served; who is out of time leaves the line. */
export class Slots {
  private running = 0;
  private readonly line = new Set<Waiting>();

  constructor(private readonly options: SlotsOptions) {}

  /** `deadline`: epoch milliseconds at which nobody waits for the work any more. Work that has begun is not cut short. */
  async run<Result>(work: () => Promise<Result>, deadline = Number.POSITIVE_INFINITY): Promise<Result> {
    await this.enter(deadline);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(deadline: number): Promise<void> {
    if (deadline <= Date.now()) throw this.options.late();
    if (this.running < this.options.size) {
      this.running += 1;
      return;
    }
    if (this.line.size >= this.options.maxWaiting) throw this.options.full();
    await new Promise<void>((enter, giveUp) => {
      const leftMs = deadline - Date.now();
      const timer = leftMs > longestTimerMs ? undefined : setTimeout(() => this.drop(waiting), leftMs);
      const waiting: Waiting = { deadline, timer, enter, giveUp };
      this.line.add(waiting);
    });
  }

  private drop(waiting: Waiting): void {
    this.line.delete(waiting);
    clearTimeout(waiting.timer);
    waiting.giveUp(this.options.late());
  }

  private leave(): void {
    for (const next of this.line) {
      // On a busy machine the turn may come before the timer does.
      if (next.deadline <= Date.now()) {
        this.drop(next);
        continue;
      }
      // The slot passes straight to the next in line: freeing it first would let a newcomer take it in between.
      this.line.delete(next);
      clearTimeout(next.timer);
      next.enter();
      return;
    }
    this.running -= 1;
  }
}
