import { describe, expect, it } from 'vitest';
import type { Reply } from './http-caller.ts';
import { judge } from './judge.ts';

const json = (status: number, body: object = {}): Reply => ({
  status,
  headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', 'retry-after': '1' },
  text: JSON.stringify(
    status < 400
      ? body
      : { type: 't', title: 't', status, detail: 'd', instance: '/', requestId: 'r', code: `code-${status}`, ...body },
  ),
  durationMs: 3,
});
const lost: Reply = { status: undefined, headers: {}, text: '', durationMs: 3, failure: 'read ECONNRESET' };

describe('an outcome', () => {
  it.each([
    ['what was hoped for', json(201), 'ok'],
    ['a clean refusal', json(503), 'fail'],
    ['a refusal that was foreseen', json(409), 'fail'],
    ['silence', lost, 'unknown'],
  ] as const)('is judged: %s', (_, reply, result) => {
    expect(judge('checkout', reply, { statuses: [201], refusals: [409] })).toMatchObject({ result, breaches: [] });
  });

  it('hands on the body and the code of a problem', () => {
    expect(judge('order', json(200, { id: 'o-1' }), { statuses: [200] })).toMatchObject({ body: { id: 'o-1' }, code: undefined });
    expect(judge('order', json(503), { statuses: [200] }).code).toBe('code-503');
  });

  it('that nobody expects is a breach, though it is clean', () => {
    const { result, breaches } = judge('cart', json(401), { statuses: [200] });

    expect(result).toBe('fail');
    expect(breaches).toEqual([{ rule: 'no-dirty-error', text: expect.stringContaining('cart: surprising 401 code-401') }]);
  });

  it('that is dirty is a breach, told once', () => {
    expect(judge('cart', json(500), { statuses: [200] }).breaches).toEqual([{ rule: 'no-dirty-error', text: 'cart: 500' }]);
  });

  it('that lets in who has no right is a right granted', () => {
    const probe = { statuses: [401], closed: true };

    expect(judge('probe', json(401), probe)).toMatchObject({ result: 'ok', breaches: [] });
    expect(judge('probe', json(503), probe)).toMatchObject({ result: 'fail', breaches: [] });
    expect(judge('probe', json(200), probe).breaches).toEqual([{ rule: 'no-right-granted', text: 'probe: 200' }]);
  });
});
