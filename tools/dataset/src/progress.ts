export interface Progress {
  /** So much more is done; `now` says of what. */
  advance(work: number, now: string): void;
}

const WIDTH = 30;
/** Without a terminal: a line now and then. */
const LINE_EVERY_MS = 5_000;

export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A bar on a terminal, a line every five seconds elsewhere. `total` may be an estimate: the bar stops just before the end until `finish`. */
export class ProgressBar implements Progress {
  readonly #began: number;
  #done = 0;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly total: number,
    private readonly screen: Screen,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.#began = clock();
  }

  advance(work: number, now: string): void {
    this.#done += work;
    this.show(Math.min(0.99, this.#done / this.total), now);
  }

  finish(): void {
    this.#saidAt = Number.NEGATIVE_INFINITY;
    this.show(1, '');
    if (this.screen.isTTY) this.screen.write('\n');
  }

  private show(share: number, now: string): void {
    const at = this.clock();
    const seconds = (at - this.#began) / 1_000;
    const full = Math.round(share * WIDTH);
    const left = share < 1 && share > 0.02 ? `, about ${(seconds / share - seconds).toFixed(0)} s left` : '';
    const line = `[${'█'.repeat(full)}${'·'.repeat(WIDTH - full)}] ${(share * 100).toFixed(0).padStart(3)} %  ${seconds.toFixed(0)} s${left}  ${now}`;
    if (this.screen.isTTY) this.screen.write(`\r\x1b[2K${line}`);
    else if (at - this.#saidAt >= LINE_EVERY_MS) {
      this.#saidAt = at;
      this.screen.write(`${line.trimEnd()}\n`);
    }
  }
}
