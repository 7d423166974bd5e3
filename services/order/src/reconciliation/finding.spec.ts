import { describe, expect, it } from 'vitest';
import { judge } from './finding.ts';

const now = new Date('2026-01-02T10:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const look = { repaired: false, busy: false, repairable: false };

describe('a disagreement', () => {
  it('that nothing can put right is for a person', () => {
    expect(judge(look, undefined, now)).toEqual({ state: 'open', repair: false });
  });

  it('that was put right by its finder is looked at once more', () => {
    expect(judge({ ...look, repaired: true }, undefined, now)).toEqual({ state: 'repaired', repair: false });
  });

  it('that a job can put right gets the job, once', () => {
    const first = judge({ ...look, repairable: true }, undefined, now);
    const again = judge({ ...look, repairable: true }, { state: 'repaired', firstSeenAt: ago(10), repairedAt: ago(10) }, now);

    expect(first).toEqual({ state: 'repaired', repair: true });
    expect(again).toEqual({ state: 'open', repair: false });
  });

  it('gets the job also when its own was lost after somebody had seen it work', () => {
    const known = { state: 'waiting', firstSeenAt: ago(10), repairedAt: null } as const;

    expect(judge({ ...look, repairable: true }, known, now)).toEqual({ state: 'repaired', repair: true });
  });

  it.each([
    ['nobody knew of it', undefined, 'waiting'],
    ['it has waited for a while', { state: 'waiting', firstSeenAt: ago(14), repairedAt: null }, 'waiting'],
    ['it has waited too long', { state: 'waiting', firstSeenAt: ago(15), repairedAt: null }, 'open'],
    ['it got its job a while ago', { state: 'repaired', firstSeenAt: ago(60), repairedAt: ago(14) }, 'repaired'],
    ['it got its job long ago', { state: 'repaired', firstSeenAt: ago(60), repairedAt: ago(15) }, 'open'],
    ['it was given up', { state: 'open', firstSeenAt: ago(1), repairedAt: null }, 'open'],
  ] as const)('that a job works on, when %s', (_, known, state) => {
    expect(judge({ ...look, busy: true, repairable: true }, known, now)).toEqual({ state, repair: false });
  });
});
