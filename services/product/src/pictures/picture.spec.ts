import { describe, expect, it } from 'vitest';
import { seedCategories } from '../seed/seed-products.ts';
import { drawPicture, pictureTag, pictureUrl } from './picture.ts';

const lamp = { id: 'c209af40-e8d1-8018-b5f2-7e170e2d44ef', name: 'Nordvik Oak Table Lamp', category: 'home-living' };

/** Names of all elements and attributes, which text that was escaped cannot add to. */
const structureOf = (svg: string) => [...svg.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));

describe('a generated picture', () => {
  it('is the same for the same product', () => {
    expect(drawPicture({ ...lamp })).toBe(drawPicture(lamp));
    expect(pictureTag({ ...lamp })).toBe(pictureTag(lamp));
  });

  it.each([
    ['another product', { ...lamp, id: 'd209af40-e8d1-8018-b5f2-7e170e2d44ef' }],
    ['another name', { ...lamp, name: 'Nordvik Walnut Table Lamp' }],
    ['another category', { ...lamp, category: 'garden' }],
  ])('is another one for %s', (_, other) => {
    expect(drawPicture(other)).not.toBe(drawPicture(lamp));
    expect(pictureTag(other)).not.toBe(pictureTag(lamp));
    expect(pictureUrl(other)).not.toBe(pictureUrl(lamp));
  });

  it('has a drawing of its own for each category of the shop, and one for any other', () => {
    const drawings = [...seedCategories.map(({ slug }) => slug), 'constructor'].map((category) =>
      drawPicture({ ...lamp, category }),
    );

    expect(new Set(drawings).size).toBe(13);
    expect(drawPicture({ ...lamp, category: 'unheard-of' })).toBe(drawings.at(-1));
  });

  it.each([
    '</text><script>alert(1)</script>',
    '" onload="alert(1)',
    "' onload='alert(1)",
    ']]><image href=//x />',
    '&lt;b&gt; &#60;i',
  ])('shows the name %s as text', (name) => {
    const svg = drawPicture({ ...lamp, name });

    const plain = structureOf(drawPicture({ ...lamp, name: 'x' }));
    expect(structureOf(svg).filter((tag) => !tag.includes('text'))).toEqual(plain.filter((tag) => !tag.includes('text')));
    expect(svg).not.toMatch(/<script|<image|<b>/);
  });

  it('leaves out what XML cannot hold', () => {
    const svg = drawPicture({ ...lamp, name: 'A\u0000B\u001fC\ud800D\uffff' });

    expect(svg).toContain('<title>ABC\ufffdD</title>');
  });

  it('breaks a long name into at most three lines', () => {
    const texts = (name: string) => [...drawPicture({ ...lamp, name }).matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);

    expect(texts('Nordvik Oak Table Lamp')).toEqual(['Nordvik Oak Table Lamp']);
    expect(texts('The Clockmaker’s Daughter by Amara Okafor, Hardcover')).toEqual([
      'The Clockmaker’s Daughter',
      'by Amara Okafor, Hardcover',
    ]);
    expect(texts('word '.repeat(40))).toHaveLength(3);
    expect(texts('word '.repeat(40)).at(-1)).toMatch(/…$/);
    expect(texts('x'.repeat(200))).toEqual([`${'x'.repeat(25)}…`]);
    expect(texts('')).toEqual([]);
  });
});
