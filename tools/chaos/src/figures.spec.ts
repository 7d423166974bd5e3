import { describe, expect, it } from 'vitest';
import { Figures, inWords, withUnit } from './figures.ts';

const measured = (...samples: number[]) => {
  const figures = new Figures();
  for (const sample of samples) figures.add('recovery', sample, 'ms');
  return figures;
};

describe('figures', () => {
  it('are told with their spread, or as they are when there is no spread', () => {
    expect(
      measured(...Array.from({ length: 100 }, (_, index) => (index + 1) * 50))
        .all()
        .map(inWords),
    ).toEqual(['recovery p50 2.5 s, p99 5.0 s, max 5.0 s']);
    expect(measured(12).all().map(inWords)).toEqual(['recovery 12 ms']);
    expect(measured(7, 7, 7).all().map(inWords)).toEqual(['recovery 7 ms each']);
  });

  it.each([
    [999, 'ms', '999 ms'],
    [1_449, 'ms', '1.4 s'],
    [99.94, '%', '100 %'],
    [3.25, '', '3.3'],
    [100, '', '100'],
  ] as const)('%d %s is %s', (value, unit, words) => {
    expect(withUnit(value, unit)).toBe(words);
  });

  it('beyond a limit are named; so is a figure that was never measured', () => {
    const figures = measured(100, 200, 9_000);

    expect(figures.beyond([{ figure: 'recovery', statistic: 'p50', atMost: 300 }])).toEqual([]);
    expect(figures.beyond([{ figure: 'recovery', statistic: 'p99', atMost: 8_000 }])).toEqual([
      'recovery p99 is 9.0 s, over 8.0 s',
    ]);
    expect(figures.beyond([{ figure: 'recovery', statistic: 'min', atLeast: 150 }])).toEqual([
      'recovery min is 100 ms, under 150 ms',
    ]);
    expect(figures.beyond([{ figure: 'recovery', statistic: 'sum', atMost: 9_300 }])).toEqual([]);
    expect(figures.beyond([{ figure: 'recovery', statistic: 'last', atMost: 300 }])).toEqual([
      'recovery last is 9.0 s, over 300 ms',
    ]);
    const rare = { figure: 'recovery', statistic: 'p99', atMost: 8_000 } as const;
    expect(figures.beyond([{ ...rare, fromSamples: 4 }])).toEqual([]);
    expect(figures.beyond([{ ...rare, fromSamples: 3 }])).toHaveLength(1);
    expect(figures.beyond([{ figure: 'sold', statistic: 'max', atMost: 1 }])).toEqual(['sold was never measured']);
  });
});
