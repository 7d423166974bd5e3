import { describe, expect, it } from 'vitest';
import { catchTable } from './catch-table.ts';
import type { Catch } from './hunt.ts';
import type { PlantedBug } from './planted-bug.ts';

const bug = (id: string): PlantedBug => ({ id, title: '', replacements: [], experiments: ['strangers'], rules: ['experiment'] });

const caught: Catch = {
  bug: bug('missing-owner-check'),
  by: {
    experiment: 'strangers',
    violation: { rule: 'no-right-granted', says: '', places: ['an order: 200\n  at somewhere', 'more'] },
  },
  tookMs: 14_600,
};

describe('the table of catches', () => {
  it('says what gave each bug away, and how many were caught', () => {
    const lines = catchTable({ catches: [caught, { bug: bug('no-dedupe'), by: undefined, tookMs: 900 }], held: false }).split(
      '\n',
    );

    expect(lines).toEqual([
      '',
      'planted bug          caught by  rule              took  what was seen',
      'missing-owner-check  strangers  no-right-granted  15 s  an order: 200',
      'no-dedupe            NOTHING                      1 s',
      '',
      '1 of 2 planted bugs were caught.',
    ]);
  });

  it('cuts what was seen to a line', () => {
    const places = ['x'.repeat(500)];
    const by = { experiment: 'strangers', violation: { rule: 'experiment', says: '', places } } as const;

    expect(catchTable({ catches: [{ ...caught, by }], held: true })).toContain(`${'x'.repeat(120)}…`);
  });
});
