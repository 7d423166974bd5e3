/** Colours of one picture, from light to strong. */
export interface Palette {
  readonly pale: string;
  readonly soft: string;
  readonly mid: string;
  readonly deep: string;
  readonly accent: string;
}

type Motif = (palette: Palette) => string;

const line = (d: string, colour: string, width = 8) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
const area = (d: string, colour: string) => `<path d="${d}" fill="${colour}"/>`;
const box = (x: number, y: number, width: number, height: number, radius: number, colour: string) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${colour}"/>`;
const dot = (x: number, y: number, radius: number, colour: string) =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}"/>`;

/** One drawing per category on a field of 240 by 240. */
const motifs: Record<string, Motif> = {
  books: ({ pale, mid, deep, accent }) =>
    [
      box(40, 20, 150, 200, 10, deep),
      box(54, 20, 150, 192, 6, pale),
      box(48, 20, 150, 184, 10, mid),
      box(48, 20, 22, 184, 8, deep),
      box(92, 62, 80, 12, 6, pale),
      box(92, 86, 52, 10, 5, pale),
      area('M150 20h24v62l-12-12-12 12z', accent),
    ].join(''),
  electronics: ({ pale, soft, mid, deep, accent }) =>
    [
      line('M48 150v-20a72 72 0 0 1 144 0v20', deep, 16),
      box(26, 134, 48, 78, 22, mid),
      box(166, 134, 48, 78, 22, mid),
      box(58, 140, 20, 66, 10, deep),
      box(162, 140, 20, 66, 10, deep),
      dot(46, 172, 8, accent),
      dot(194, 172, 8, accent),
      line('M104 176q8-14 16 0t16 0', soft, 6),
      dot(120, 58, 5, pale),
    ].join(''),
  kitchen: ({ pale, soft, mid, deep, accent }) =>
    [
      line('M92 54q-14-16 0-30M122 54q-14-16 0-30M152 54q-14-16 0-30', soft, 7),
      box(46, 92, 148, 112, 26, mid),
      box(36, 76, 168, 24, 12, deep),
      box(104, 60, 32, 20, 10, accent),
      line('M46 128H22M194 128h24', deep, 14),
      box(66, 120, 12, 58, 6, pale),
    ].join(''),
  'home-living': ({ pale, soft, mid, deep, accent }) =>
    [
      `<ellipse cx="120" cy="212" rx="86" ry="12" fill="${soft}"/>`,
      area('M84 30h72l38 86H46z', mid),
      area('M84 30h24L78 116H46z', accent),
      box(114, 116, 12, 86, 4, deep),
      box(80, 196, 80, 16, 8, deep),
      dot(120, 124, 12, pale),
    ].join(''),
  garden: ({ pale, mid, deep, accent }) =>
    [
      line('M120 150V70', deep, 8),
      area('M120 110C70 112 52 78 56 46c36 0 62 22 64 64z', mid),
      area('M120 92c0-40 24-66 64-68 4 40-20 68-64 68z', accent),
      area('M66 146h108l-14 72H80z', deep),
      box(56, 136, 128, 24, 8, mid),
      box(84, 174, 10, 28, 5, pale),
    ].join(''),
  clothing: ({ pale, mid, deep, accent }) =>
    [
      area('M84 34 30 66l20 48 26-10v110h88V104l26 10 20-48-54-32a36 30 0 0 1-72 0z', mid),
      line('M84 34a36 30 0 0 0 72 0', deep, 10),
      box(134, 104, 22, 26, 4, accent),
      line('M88 196h64', pale, 5),
    ].join(''),
  shoes: ({ pale, mid, deep, accent }) =>
    [
      area('M28 84q34 18 66-12l44 50q22 18 60 24 22 6 20 42H28z', mid),
      box(20, 180, 202, 24, 12, deep),
      line('M96 98l20-14M112 114l20-14M128 130l20-14', pale, 7),
      area('M28 84q20 12 42 8L54 150 28 156z', accent),
    ].join(''),
  'sports-outdoors': ({ pale, soft, mid, deep, accent }) =>
    [
      dot(182, 62, 24, accent),
      area('M10 208 96 62l86 146z', mid),
      area('M96 62l-30 52 20-8 12 14 16-16 12 12z', pale),
      area('M110 208l62-96 58 96z', deep),
      box(10, 204, 222, 10, 5, soft),
    ].join(''),
  'toys-games': ({ pale, mid, deep, accent }) =>
    [
      box(34, 124, 84, 84, 12, mid),
      box(124, 124, 84, 84, 12, deep),
      box(78, 36, 84, 84, 12, accent),
      area('M120 56l8 17 18 2-13 13 3 18-16-9-16 9 3-18-13-13 18-2z', pale),
      dot(76, 166, 20, pale),
      area('M166 142l24 42h-48z', pale),
    ].join(''),
  'beauty-care': ({ pale, soft, mid, deep, accent }) =>
    [
      box(70, 92, 100, 126, 20, mid),
      box(98, 58, 44, 36, 6, deep),
      line('M120 58V36h38', deep, 14),
      box(70, 130, 100, 52, 0, pale),
      area('M120 140c14 8 14 26 0 34-14-8-14-26 0-34z', accent),
      dot(188, 84, 9, soft),
      dot(204, 112, 6, soft),
    ].join(''),
  'office-stationery': ({ pale, mid, deep, accent }) =>
    [
      box(40, 40, 132, 176, 12, mid),
      box(54, 54, 104, 148, 6, pale),
      line('M70 86h72M70 112h72M70 138h48', deep, 6),
      `<g transform="rotate(35 186 130)">${box(176, 40, 22, 140, 4, accent)}${area('M176 180h22l-11 30z', deep)}</g>`,
    ].join(''),
  'food-drink': ({ pale, soft, mid, deep, accent }) =>
    [
      line('M84 48q-12-14 0-28M114 48q-12-14 0-28M144 48q-12-14 0-28', soft, 7),
      area('M44 76h140v66a62 62 0 0 1-62 62h-16a62 62 0 0 1-62-62z', mid),
      line('M184 96h12a26 26 0 0 1 0 52h-14', mid, 14),
      box(34, 208, 162, 12, 6, deep),
      area('M114 104c22 14 22 40 0 54-22-14-22-40 0-54z', accent),
      line('M114 112v38', pale, 4),
    ].join(''),
};

const parcel: Motif = ({ pale, mid, deep, accent }) =>
  [
    area('M120 24l92 46v104l-92 46-92-46V70z', mid),
    area('M120 116l92-46v104l-92 46z', deep),
    line('M74 47l92 46v34', accent, 14),
    box(46, 162, 36, 10, 5, pale),
  ].join('');

/** The drawing of a category; a parcel for one that has none. */
export const motifOf = (category: string): Motif => (Object.hasOwn(motifs, category) ? (motifs[category] ?? parcel) : parcel);
