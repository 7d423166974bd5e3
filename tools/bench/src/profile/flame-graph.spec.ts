import { describe, expect, it } from 'vitest';
import { flameGraphPage } from './flame-graph.ts';

describe('the page of a flame graph', () => {
  const profile = JSON.stringify({ nodes: [], startTime: 0, endTime: 1 });
  const page = flameGraphPage('order-purchase.cpuprofile', profile);

  it('has the profile in it', () => {
    expect(page).toContain(Buffer.from(profile).toString('base64'));
    expect(page).toContain('order-purchase.cpuprofile');
  });

  it('loads nothing from elsewhere', () => {
    expect(page).not.toMatch(/<(script|link|img)[^>]*\s(src|href)=/);
    expect(page).not.toMatch(/url\((?!data:)/);
  });

  it('ends no script early', () => {
    expect(page.match(/<script/g)).toHaveLength(page.match(/<\/script/g)?.length ?? 0);
  });
});
