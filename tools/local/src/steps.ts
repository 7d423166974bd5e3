/** Tells the person what is being done and how long it took. */
export class Steps {
  constructor(private readonly say: (line: string) => void) {}

  /** Runs one step; its line appears when it is done. A text that `work` returns is added to it. */
  async run(title: string, work: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    const slow = setTimeout(() => this.say(`… ${title}`), 3_000);
    try {
      const note = await work();
      this.say(`✓ ${title}${typeof note === 'string' && note !== '' ? `: ${note}` : ''} (${seconds(performance.now() - began)})`);
    } finally {
      clearTimeout(slow);
    }
  }
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
