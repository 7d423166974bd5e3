/** A line of a chart: points of [second, value]. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface Chart {
  readonly title: string;
  readonly series: readonly Series[];
  /** A value as the axis shows it. */
  readonly label: (value: number) => string;
  /** A limit to see the lines against. */
  readonly limit?: number;
}

const WIDTH = 860;
const HEIGHT = 240;
const LEFT = 70;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 28;
const COLORS = ['#2563eb', '#dc2626', '#16a34a', '#d97706', '#7c3aed', '#0891b2', '#be185d', '#4d7c0f', '#475569', '#92400e'];

/** One chart as SVG that needs nothing from anywhere; empty text when there is nothing to show. */
export function chartOf({ title, series, label, limit }: Chart): string {
  const drawn = series.filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return '';
  const all = drawn.flatMap(({ points }) => points);
  const lastSecond = Math.max(...all.map(([second]) => second), 1);
  const top = roundUp(Math.max(...all.map(([, value]) => value)));
  const x = (second: number) => (LEFT + (second / lastSecond) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (value: number) => (TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const lines = drawn.map(({ points }, index) => {
    const path = points.map(([second, value]) => `${x(second)},${y(value)}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colorOf(index)}" stroke-width="1.5"/>`;
  });
  const ruler = [0, 0.25, 0.5, 0.75, 1].map((part) => horizontal(y(top * part), label(top * part)));
  const clock = [0, 0.25, 0.5, 0.75, 1].map((part) => hour(x(lastSecond * part), lastSecond * part));
  const bound =
    limit === undefined || limit > top
      ? ''
      : `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(limit)}" y2="${y(limit)}" class="limit"/>`;
  return [
    `<figure><figcaption>${escaped(title)}</figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    ...ruler,
    ...clock,
    bound,
    ...lines,
    '</svg>',
    `<p class="legend">${drawn.map(({ name }, index) => `<span style="color:${colorOf(index)}">■</span> ${escaped(name)}`).join(' ')}</p>`,
    '</figure>',
  ].join('\n');
}

const colorOf = (index: number): string => COLORS[index % COLORS.length] ?? '#000000';

const horizontal = (y: string, text: string) =>
  `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" class="ruler"/>` +
  `<text x="${LEFT - 6}" y="${y}" text-anchor="end" dominant-baseline="middle">${escaped(text)}</text>`;

const hour = (x: string, second: number) =>
  `<text x="${x}" y="${HEIGHT - 8}" text-anchor="${second === 0 ? 'start' : 'end'}">${Math.round(second)} s</text>`;

/** To 1, 2, 2.5 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
