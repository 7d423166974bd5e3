import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtK6, profilesFolder } from '../places.ts';
import { findK6 } from './find-k6.ts';
import { inspect, profilesIn } from './inspect.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const profiles = profilesIn(profilesFolder(ROOT));

function k6IfThere(): string | undefined {
  try {
    return findK6(process.env, builtK6(ROOT));
  } catch {
    return undefined; // then loadtests/profiles.spec.ts has to do, which needs none
  }
}

describe('the profiles', () => {
  const k6 = k6IfThere();

  it('are found by their names', () => {
    expect(profiles).toContain('load');
  });

  if (k6 !== undefined) {
    it.each(profiles)('are read by k6: %s', async (profile) => {
      expect(await inspect(k6, profilesFolder(ROOT), profile, { LOAD_RATE: '77' })).toMatchObject({ rate: 77 });
    });
  }
});
