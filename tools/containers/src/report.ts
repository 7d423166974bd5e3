import type { Image } from './image.ts';

export interface Figures {
  images: Image[];
  buildSeconds?: number;
  readySeconds?: number;
  firstPurchaseSeconds?: number;
  atRest: Map<string, number>;
  afterLoad: Map<string, number>;
  healedSeconds: Map<string, number>;
  stopSeconds: Map<string, number>;
}

export const noFigures = (): Figures => ({
  images: [],
  atRest: new Map(),
  afterLoad: new Map(),
  healedSeconds: new Map(),
  stopSeconds: new Map(),
});

/** The figures of a run as tables of Markdown, so that docs/deploy.md can take them over. */
export function tablesOf(figures: Figures): string {
  const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
  const images = figures.images.map(({ name, bytes, inside }) => [
    name,
    megabytes(bytes),
    megabytes(inside.ownBytes),
    String(inside.packages.length),
  ]);
  const names = [...new Set([...figures.atRest.keys(), ...figures.afterLoad.keys()])].toSorted();
  const sum = (values: Map<string, number>) => [...values.values()].reduce((total, value) => total + value, 0);
  const figure = (value: number | undefined) => value?.toFixed(1) ?? '–';
  const memory = names.map((name) => [
    name,
    figure(figures.atRest.get(name)),
    figure(figures.afterLoad.get(name)),
    figure(figures.stopSeconds.get(name)),
  ]);
  return [
    table(['image', 'MB', 'ours, MB', 'packages'], images),
    table(
      ['container', 'MiB at rest', 'MiB after a small load', 's to stop'],
      [...memory, ['all', figure(sum(figures.atRest)), figure(sum(figures.afterLoad)), '']],
    ),
    table(
      ['what', 's'],
      [
        ['images built', figure(figures.buildSeconds)],
        ['`up --wait`, from nothing', figure(figures.readySeconds)],
        ['the first purchase after that', figure(figures.firstPurchaseSeconds)],
        ...[...figures.healedSeconds].map(([name, value]) => [`${name} killed, until a purchase is confirmed`, figure(value)]),
      ],
    ),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
