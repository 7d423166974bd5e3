import type { Postgres } from '@emporium/postgres';
import { currentContext, runInContext } from '@emporium/telemetry';
import { describe, expect, it } from 'vitest';
import type { AttemptRepository } from './attempt.repository.ts';
import type { LockoutSettings } from './lockout-settings.ts';
import type { SignInRepository } from './sign-in.repository.ts';
import { SignInService } from './sign-in.service.ts';

describe('a wrong guess', () => {
  it('is counted however late it is: a slow guess must not be a free one', async () => {
    const deadlines: (number | undefined)[] = [];
    const attempts = {
      find: async () => undefined,
      lock: async () => ({ failures: 0, lastAttemptAt: new Date(), lockedUntil: undefined }),
      save: async () => void deadlines.push(currentContext()?.deadline),
    } as unknown as AttemptRepository;
    const signIns = { insert: async () => undefined } as unknown as SignInRepository;
    const postgres = { transaction: (work: (tx: object) => Promise<unknown>) => work({}) } as unknown as Postgres;
    const lockout = { freeFailures: 5, firstWaitSeconds: 1, longestWaitSeconds: 60 } as unknown as LockoutSettings;
    const service = new SignInService(postgres, attempts, signIns, lockout);
    const guess = { email: 'a@b.test', password: 'wrong', passwordHash: undefined, accountId: undefined, origin: {} as never };

    const right = await runInContext({ requestId: 'r', deadline: Date.now() + 60_000 }, () => service.check(guess));

    expect(right).toBe(false);
    expect(deadlines).toEqual([undefined]);
  });
});
