/** What was found, said at once and counted. */
export class Checklist {
  passed = 0;
  failed = 0;

  constructor(private readonly say: (line: string) => void) {}

  /** `found` is what is wrong, each in words; nothing wrong is what must hold. */
  none(claim: string, found: readonly string[]): void {
    if (found.length === 0) this.passed += 1;
    else this.failed += 1;
    this.say(`${found.length === 0 ? '✓' : '✗'} ${claim}`);
    for (const line of found) this.say(`    ${line}`);
  }

  holds(claim: string, isTrue: boolean, found: string): void {
    this.none(claim, isTrue ? [] : [found]);
  }

  /** A claim whose proof is that the work ends without an error. Returns what the work gave. */
  async proves<Result>(claim: string, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await work();
      this.none(claim, []);
      return result;
    } catch (error) {
      this.none(claim, [error instanceof Error ? error.message : String(error)]);
      return undefined;
    }
  }
}
