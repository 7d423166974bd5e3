import { describe, expect, it } from 'vitest';
import { swappedLetters } from './listing.ts';

describe('swapped letters', () => {
  it('are every two neighbours, in words only', () => {
    expect(swappedLetters('oak-lpam')).toBe('aok lpam or oka lpam or oak plam or oak lapm or oak lpma');
  });

  it('are none where a swap changes nothing', () => {
    expect(swappedLetters('ooo a')).toBe('');
  });

  it('stay bounded and whole characters', () => {
    expect(swappedLetters('ab'.repeat(100)).split(' or ')).toHaveLength(59);
    expect(swappedLetters('𝒂𝒃')).toBe('𝒃𝒂');
  });
});
