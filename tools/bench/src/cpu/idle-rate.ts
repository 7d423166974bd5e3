import { setTimeout as delay } from 'node:timers/promises';
import { type CpuMeter, type CpuSeconds, usedBetween } from './cpu-meter.ts';

const IDLE_MS = 3_000;

/** Seconds of a processor that each process uses in a second in which nobody asks it anything: polls, timers, metrics. */
export async function idleRate(meter: CpuMeter, say: (line: string) => void): Promise<CpuSeconds> {
  const before = meter.read();
  await delay(IDLE_MS);
  const used = usedBetween(before, meter.read());
  const rates = Object.entries(used).map(([name, seconds]) => [name, (1_000 * seconds) / IDLE_MS] as const);
  const busy = rates.filter(([, rate]) => rate >= 0.001).map(([name, rate]) => `${name} ${(100 * rate).toFixed(1)} %`);
  say(`busy without requests, of a core, and taken off below: ${busy.join(', ')}`);
  return Object.fromEntries(rates);
}
