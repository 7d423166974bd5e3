export type Verdict = 'held' | 'BROKEN' | 'not run';

export interface Result {
  readonly id: string;
  readonly verdict: Verdict;
  readonly tookMs: number;
  readonly measured: readonly string[];
  readonly wrong: readonly string[];
}

/** A table for people; what was not run is no pass, and the last line counts it. */
export function tableOf(results: readonly Result[]): string {
  const wide = Math.max(10, ...results.map(({ id }) => id.length));
  const line = (id: string, verdict: string, took: string, text: string) =>
    `${id.padEnd(wide)}  ${verdict.padEnd(7)}  ${took.padStart(6)}  ${text}`.trimEnd();
  const rows = results.flatMap(({ id, verdict, tookMs, measured, wrong }) => {
    const [first = '', ...others] = [...measured, ...wrong.map((text) => `✗ ${text}`)];
    const took = `${(tookMs / 1_000).toFixed(0)} s`;
    return [line(id, verdict, took, first), ...others.map((text) => line('', '', '', text))];
  });
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  return [
    '',
    line('experiment', 'verdict', 'took', 'measured'),
    ...rows,
    '',
    `${count('held')} held, ${count('BROKEN')} broken, ${count('not run')} not run`,
  ].join('\n');
}
