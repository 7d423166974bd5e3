/** At most `size` works at a time, `maxWaiting` in line, first come first served; the next one is refused at once. */
export class Slots {
  private running = 0;
  private readonly line: (() => void)[] = [];

  constructor(
    private readonly size: number,
    private readonly maxWaiting: number,
    private readonly refusal: () => Error,
  ) {}

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < this.size) {
      this.running += 1;
      return;
    }
    if (this.line.length >= this.maxWaiting) throw this.refusal();
    await new Promise<void>((resolve) => this.line.push(resolve));
  }

  private leave(): void {
    const next = this.line.shift();
    // The slot passes straight to the next in line: freeing it first would let a newcomer take it in between.
    if (next === undefined) this.running -= 1;
    else next();
  }
}
