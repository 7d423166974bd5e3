import { AppError } from '@emporium/errors';
import type { HttpClient } from '@emporium/http-client';
import { recordingLogger } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { AccessCheck } from './access.check.ts';
import { type Access, checkRole } from './access.ts';
import { Revocations } from './revocations.ts';

type Closed = Exclude<Access, 'anyone'>;
const roles = ['customer', 'support', 'admin'] as const;

const verifier = {
  verify: async (token: string) => {
    if (token !== 'good') throw new AppError('unauthenticated', 'invalid-token', 'No.');
    return { sub: 'u-1', sid: 's-1', role: 'customer' as const };
  },
};
const access = (ended: string[]) => {
  const revocations = new Revocations({} as HttpClient, recordingLogger().logger);
  revocations.has = (sessionId) => ended.includes(sessionId);
  return new AccessCheck(verifier, revocations);
};

describe('who may call a route', () => {
  it.each<[Closed, string[]]>([
    ['user', ['customer', 'support', 'admin']],
    ['staff', ['support', 'admin']],
    ['admin', ['admin']],
  ])('%s: %j', (rule, allowed) => {
    for (const role of roles) {
      if (allowed.includes(role)) expect(() => checkRole(rule, role)).not.toThrow();
      else expect(() => checkRole(rule, role)).toThrow(expect.objectContaining({ kind: 'forbidden', code: 'role-not-allowed' }));
    }
  });

  it('is told by a good token', async () => {
    expect(await access([]).check('user', 'Bearer good')).toBe('u-1');
    expect(await access(['s-2']).check('user', 'bearer good')).toBe('u-1');
  });

  it.each([undefined, '', 'good', 'Basic good', 'Bearer', 'Bearer  ', 'Bearer a b', 'Bearer good\n'])(
    'is nobody with the header %j',
    async (header) => {
      await expect(access([]).check('user', header)).rejects.toMatchObject({ kind: 'unauthenticated', code: 'token-required' });
    },
  );

  it('is nobody with a bad token or an ended session, also where the role would not do', async () => {
    await expect(access([]).check('user', 'Bearer bad')).rejects.toMatchObject({ code: 'invalid-token' });
    await expect(access(['s-1']).check('admin', 'Bearer good')).rejects.toMatchObject({
      kind: 'unauthenticated',
      code: 'invalid-token',
    });
  });

  it('is refused without the role', async () => {
    await expect(access([]).check('admin', 'Bearer good')).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
