import { AppError } from '@emporium/errors';
import { recordingLogger } from '@emporium/testing';
import { BadRequestException, ForbiddenException, HttpException, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { answerProblem, pathOf } from './problem.ts';

class FakeReply {
  status: number | undefined;
  body: Record<string, unknown> | undefined;
  readonly headers = new Map([['connection', 'close']]);
  readonly raw: { headersSent: boolean };

  constructor(readonly sent: boolean) {
    this.raw = { headersSent: sent };
  }

  header(name: string, value: string) {
    this.headers.set(name, value);
    return this;
  }

  removeHeader(name: string) {
    this.headers.delete(name);
    return this;
  }

  code(status: number) {
    this.status = status;
    return this;
  }

  send(text: string) {
    this.body = JSON.parse(text);
    return this;
  }
}

function answerTo(error: unknown, { sent = false } = {}) {
  const { logger, lines } = recordingLogger();
  const reply = new FakeReply(sent);
  const request = { id: 'r1', method: 'GET', url: '/v1/orders?email=a@b' };
  answerProblem(logger, 1024)(error, request as FastifyRequest, reply as unknown as FastifyReply);
  return { status: reply.status, body: reply.body, headers: Object.fromEntries(reply.headers), lines };
}

const coded = (code: string, statusCode: number) => Object.assign(new Error('raised by the framework'), { code, statusCode });

describe('the answer to an error', () => {
  it.each([
    ['a bug', new Error('x'), 500, 'internal'],
    ['something that is no error', 'x', 500, 'internal'],
    ['a bug with a status', Object.assign(new Error('x'), { statusCode: 400 }), 500, 'internal'],
    ['a bug of the framework', coded('FST_ERR_REP_ALREADY_SENT', 500), 500, 'internal'],
    ['a Nest exception that means a bug', new HttpException('x', 500), 500, 'internal'],
    ['a foreseen failure', new AppError('gone', 'too-late', 'Too late.'), 410, 'too-late'],
    ['a Nest 400', new BadRequestException('x'), 400, 'invalid-request'],
    ['a Nest 403', new ForbiddenException(), 403, 'forbidden'],
    ['a Nest 404', new NotFoundException(), 404, 'not-found'],
    ['a status without a kind', new HttpException('teapot', 418), 400, 'invalid-request'],
    ['a body too large', coded('FST_ERR_CTP_BODY_TOO_LARGE', 413), 413, 'body-too-large'],
    ['a wrong content type', coded('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 415, 'unsupported-media-type'],
    ['a parameter too long', coded('FST_ERR_MAX_PARAM_LENGTH', 414), 400, 'malformed-url'],
    ['a bad address', coded('FST_ERR_BAD_URL', 400), 400, 'malformed-url'],
    ['a connection lost inside the body', coded('ECONNRESET', 400), 400, 'invalid-request'],
  ])('is a problem for %s', (_, error, status, code) => {
    const answer = answerTo(error);

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code, instance: '/v1/orders', requestId: 'r1' });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.lines.map(({ level }) => level)).toEqual(status >= 500 ? ['error'] : []);
  });

  it('keeps the connection after a body too large, so that the client can read the answer', () => {
    expect(answerTo(coded('FST_ERR_CTP_BODY_TOO_LARGE', 413)).headers.connection).toBeUndefined();
    expect(answerTo(coded('FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400)).headers.connection).toBe('close');
  });

  it('warns about a dependency that is away, with the cause', () => {
    const { lines } = answerTo(
      new AppError('unavailable', 'database-unavailable', 'Away.', { cause: new Error('ECONNREFUSED') }),
    );

    expect(lines).toMatchObject([{ level: 'warn', fields: { code: 'database-unavailable' } }]);
  });

  it('only logs once an answer is on its way', () => {
    const { status, lines } = answerTo(new Error('late'), { sent: true });

    expect(status).toBeUndefined();
    expect(lines).toHaveLength(1);
  });

  it('names the path without its query, and not all of a very long one', () => {
    expect(pathOf('/a/b?c=d?e')).toBe('/a/b');
    expect(pathOf(`/${'a'.repeat(1000)}`)).toHaveLength(500);
    expect(pathOf(`/${'a'.repeat(498)}💥`).isWellFormed()).toBe(true);
  });
});
