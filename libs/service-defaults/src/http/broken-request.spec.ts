import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { brokenRequest } from './broken-request.ts';

function answerTo(code: string, { writable = true } = {}) {
  const said: string[] = [];
  let destroyed = false;
  const socket = {
    writable,
    end: (text: string) => said.push(text),
    destroy: () => {
      destroyed = true;
    },
  };
  brokenRequest(Object.assign(new Error(code), { code }), socket as unknown as Socket);
  return { text: said.join(''), destroyed };
}

describe('what Node cannot read as a request', () => {
  it.each([
    ['HPE_HEADER_OVERFLOW', 431, 'headers-too-large'],
    ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'request-too-slow'],
    ['HPE_INVALID_METHOD', 400, 'malformed-request'],
  ])('is answered with a problem for %s', (code, status, problemCode) => {
    const { text } = answerTo(code);
    const [head = '', body = ''] = text.split('\r\n\r\n');

    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
    expect(head).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code: problemCode, requestId: expect.any(String) });
  });

  it('is not answered when nobody is there any more', () => {
    expect(answerTo('ECONNRESET')).toEqual({ text: '', destroyed: true });
    expect(answerTo('HPE_INVALID_METHOD', { writable: false })).toEqual({ text: '', destroyed: true });
  });
});
