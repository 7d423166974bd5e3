/** Numbers as people read them. */

export function milliseconds(value: number): string {
  if (value >= 10_000) return `${(value / 1_000).toFixed(1)} s`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export const perSecond = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

export function percent(share: number): string {
  if (share === 0) return '0 %';
  return share < 0.0001 ? '< 0.01 %' : `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;
}

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;

export const cpuSeconds = (value: number): string => `${value.toFixed(1)} s`;

/** `signIn` as people write it. */
export const spelled = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
