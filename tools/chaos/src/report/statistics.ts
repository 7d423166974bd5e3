/** Nearest rank; 0 of nothing. `share` from 0 to 1. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
