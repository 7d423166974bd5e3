const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Does the work of a command and returns its exit code. A signal ends the work in order; what goes wrong is said in one line. */
export async function untilStopped(
  signals: NodeJS.EventEmitter,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const ending = new AbortController();
  const end = () => ending.abort(new Error('Stopped; everything it started is ended.'));
  for (const name of SIGNALS) signals.on(name, end);
  try {
    return await work(ending.signal);
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    return ending.signal.aborted ? 130 : 1;
  } finally {
    for (const name of SIGNALS) signals.off(name, end);
  }
}

/** Says lines with the time since the start. */
export function progress(): (line: string) => void {
  const began = performance.now();
  return (line) => console.log(`[${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s] ${line}`);
}
