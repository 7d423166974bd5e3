import { createHash } from 'node:crypto';
import { motifOf, type Palette } from './motifs.ts';

interface Pictured {
  readonly id: string;
  readonly name: string;
  readonly category: string;
}

/** Count up when the drawing changes, so that nobody keeps an old one. */
const drawing = 1;
const charactersPerLine = 26;
const maxLines = 3;

/** The same product always gives the same picture; another name or category gives another. */
export function drawPicture({ id, name, category }: Pictured): string {
  const seed = createHash('sha256').update(id).digest();
  const palette = paletteOf(seed.readUInt16BE(0) % 360);
  const lines = wrap(name);
  const firstBaseline = 530 - (lines.length - 1) * 17;

  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600" role="img">',
    `<title>${escapeXml(name)}</title>`,
    '<defs><linearGradient id="sky" x1="0" y1="0" x2="1" y2="1">',
    `<stop offset="0" stop-color="${palette.pale}"/><stop offset="1" stop-color="${palette.soft}"/></linearGradient></defs>`,
    '<rect width="600" height="600" fill="url(#sky)"/>',
    ...shapesBehind(seed, palette),
    `<ellipse cx="300" cy="432" rx="150" ry="16" fill="${palette.deep}" opacity="0.14"/>`,
    `<g transform="translate(${300 - 120 * 1.5} 66) scale(1.5)">${motifOf(category)(palette)}</g>`,
    `<g font-family="Georgia, 'Times New Roman', serif" font-size="30" text-anchor="middle" fill="${palette.deep}">`,
    ...lines.map((line, index) => `<text x="300" y="${firstBaseline + index * 36}">${escapeXml(line)}</text>`),
    '</g></svg>',
  ].join('');
}

/** Tag of a product's picture; made of what the drawing depends on, so that it is known without drawing. */
export const pictureTag = ({ id, name, category }: Pictured): string =>
  createHash('sha256')
    .update(JSON.stringify([drawing, id, name, category]))
    .digest('hex')
    .slice(0, 16);

/** Where the picture is. The tag in it lets everyone keep the picture for long and still see a new one at once. */
export const pictureUrl = (product: Pictured): string => `/v1/products/${product.id}/image.svg?v=${pictureTag(product)}`;

function paletteOf(hue: number): Palette {
  const colour = (turn: number, saturation: number, lightness: number) =>
    hex((hue + turn) % 360, saturation / 100, lightness / 100);
  return {
    pale: colour(0, 60, 95),
    soft: colour(24, 52, 84),
    mid: colour(8, 46, 55),
    deep: colour(0, 48, 26),
    accent: colour(165, 62, 58),
  };
}

/** As hex, which every renderer of SVG knows. Formula: CSS Color 4, hslToRgb. */
function hex(hue: number, saturation: number, lightness: number): string {
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    const value = lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** Three large, faint circles, placed by the seed. */
const shapesBehind = (seed: Buffer, { mid, accent }: Palette): string[] =>
  [4, 8, 12].map((offset, index) => {
    const x = 40 + (seed.readUInt8(offset) / 255) * 520;
    const y = 30 + (seed.readUInt8(offset + 1) / 255) * 400;
    const radius = 70 + (seed.readUInt8(offset + 2) / 255) * 120;
    return `<circle cx="${Math.round(x)}" cy="${Math.round(y)}" r="${Math.round(radius)}" fill="${index === 1 ? accent : mid}" opacity="0.1"/>`;
  });

/** Breaks a name at its spaces into at most three lines; what does not fit ends in an ellipsis. */
function wrap(name: string): string[] {
  const lines: string[] = [];
  for (const word of name.split(/\s+/u).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && [...last, ...word].length < charactersPerLine) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const shown = lines.slice(0, maxLines).map(shorten);
  const last = shown.at(-1);
  if (last !== undefined && lines.length > maxLines) shown[maxLines - 1] = shorten(`${last}…`);
  return shown;
}

const shorten = (text: string): string => {
  const characters = [...text];
  return characters.length <= charactersPerLine ? text : `${characters.slice(0, charactersPerLine - 1).join('')}…`;
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A name becomes text and nothing else; characters that XML cannot hold are left out. */
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, '')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
