import { setTimeout as delay } from 'node:timers/promises';

/** Raises the reason of `signal` as soon as it is aborted. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(0, milliseconds), undefined, { signal });
  } catch (error) {
    throw signal?.reason ?? error;
  }
}

/** Asks again until the answer is yes. Returns the milliseconds that took, or undefined when `patienceMs` were over first. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { patienceMs, everyMs = 100, signal }: { patienceMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<number | undefined> {
  const began = performance.now();
  while (!(await isSo())) {
    if (performance.now() - began > patienceMs) return undefined;
    await pause(everyMs, signal);
  }
  return performance.now() - began;
}
