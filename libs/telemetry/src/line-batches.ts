/** Lines of a busy process wait this long at most. */
const windowMs = 20;
/** About a pipe's worth: more than this is not kept waiting. */
const mostCharacters = 65_536;

/** Ends of batches that wait, for the end of the process. */
const waiting = new Set<() => void>();
let watching = false;

/**
 * Gathers lines, because to write ten at once costs little more than to write one. The first line after a quiet moment is written at
 * once, and so is an urgent one, with all before it; the others within 20 ms, also when the process exits. A process that is killed takes
 * the lines of its last 20 ms with it.
 */
export class LineBatches {
  private lines: string[] = [];
  private characters = 0;
  private window: NodeJS.Timeout | undefined;

  /** `write` gets one or more lines without the last line end. */
  constructor(private readonly write: (lines: string) => void) {}

  add(line: string, urgent: boolean): void {
    if (this.window === undefined) {
      this.write(line);
      this.open();
      return;
    }
    if (this.lines.length === 0) waiting.add(this.flush);
    this.lines.push(line);
    this.characters += line.length;
    if (urgent || this.characters >= mostCharacters) this.flush();
  }

  /** Writes what waits. */
  readonly flush = (): void => {
    if (this.lines.length === 0) return;
    const lines = this.lines.join('\n');
    this.lines = [];
    this.characters = 0;
    waiting.delete(this.flush);
    this.write(lines);
  };

  private open(): void {
    if (!watching) process.on('exit', flushAll);
    watching = true;
    this.window = setTimeout(this.close, windowMs).unref();
  }

  private readonly close = (): void => {
    this.window = undefined;
    if (this.lines.length === 0) return;
    this.flush();
    this.open();
  };
}

function flushAll(): void {
  for (const flush of waiting) flush();
}
