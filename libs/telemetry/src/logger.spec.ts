import { PassThrough } from 'node:stream';
import { context, createTraceState, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runInContext } from './context.ts';
import { createLogger, type LogLevel, silentLogger } from './logger.ts';
import { registry } from './metrics.ts';

const recording = (level: LogLevel = 'debug', version?: string) => {
  const destination = new PassThrough();
  const logger = createLogger({ service: 'order', level, version, destination });
  const text = () => String(destination.read() ?? '');
  return { logger, text, line: () => JSON.parse(text()) as Record<string, unknown> };
};

describe('a log line', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is one line of JSON with level, time, service and message in front', () => {
    const { logger, text } = recording('info', '1.2.3');

    logger.info('order concluded', { orderId: 'o-1', note: 'two\nlines' });

    const written = text();
    expect(written.match(/\n/g)).toHaveLength(1);
    expect(Object.keys(JSON.parse(written))).toEqual(['level', 'time', 'service', 'version', 'message', 'orderId', 'note']);
    expect(JSON.parse(written)).toMatchObject({ level: 'info', service: 'order', version: '1.2.3', message: 'order concluded' });
    expect(new Date(JSON.parse(written).time).getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('carries the request and the user it was written for', () => {
    const { logger, line } = recording();

    runInContext({ requestId: 'r-1', userId: 'u-1' }, () => logger.warn('slow'));

    expect(line()).toMatchObject({ requestId: 'r-1', userId: 'u-1' });
  });

  it('takes request and user from the fields when there is no context', () => {
    const { logger, line } = recording();

    logger.info('answered', { requestId: 'r-2', userId: 'u-2' });

    expect(line()).toMatchObject({ requestId: 'r-2', userId: 'u-2' });
  });

  it('carries the trace and span at hand', () => {
    const span = trace.wrapSpanContext({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      traceState: createTraceState(),
    });
    vi.spyOn(context, 'active').mockReturnValue(trace.setSpan(ROOT_CONTEXT, span));
    const { logger, line } = recording();

    logger.info('traced');

    expect(line()).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' });
  });

  it('never shows a secret, in a field, an error or the message', () => {
    const { logger, text } = recording();
    const error = new Error('login at redis://:hunter2@cache failed');

    logger.error('could not use Bearer hunter2hunter2', { password: 'hunter2', headers: { cookie: 'hunter2' }, error });

    const written = text();
    expect(written).toContain('could not use Bearer [redacted]');
    expect(written).not.toContain('hunter2');
  });

  it('cannot be forged by a field that is named as one of its own members', () => {
    const { logger, line } = recording();

    logger.info('true', { message: 'forged', level: 'debug', service: 'gateway', time: 'never' });

    expect(line()).toMatchObject({ message: 'true', level: 'info', service: 'order' });
  });

  it('writes an error with its stack and cause', () => {
    const { logger, line } = recording();

    logger.error('failed', { error: new Error('outer', { cause: new Error('inner') }) });

    expect(line().error).toMatchObject({
      message: 'outer',
      stack: expect.stringContaining('logger.spec.ts'),
      cause: { message: 'inner' },
    });
  });
});

describe('a logger', () => {
  it('says only what its level asks for', () => {
    const { logger, text } = recording('warn');

    logger.debug('no');
    logger.info('no');
    logger.warn('yes');
    logger.log('error', 'yes too');

    expect(
      text()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).message),
    ).toEqual(['yes', 'yes too']);
  });

  it('gives its fields to its children and theirs to their lines', () => {
    const { logger, line } = recording();

    logger.child({ job: 'a', attempt: 1 }).child({ attempt: 2 }).info('done', { took: 5 });

    expect(line()).toMatchObject({ job: 'a', attempt: 2, took: 5 });
  });

  it('counts its lines by level, so that an alert can watch for errors', async () => {
    const count = async () => (await registry.getSingleMetric('emporium_log_lines_total')?.get())?.values;
    const errors = async () => (await count())?.find((value) => value.labels.level === 'error')?.value ?? 0;
    const { logger } = recording();
    const before = await errors();

    logger.error('one');

    expect(await errors()).toBe(before + 1);
  });

  it('writes to standard output unless told otherwise', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

    createLogger({ service: 'order', level: 'info' }).info('hello');

    expect(write.mock.calls.map(([text]) => String(text)).join('')).toContain('"message":"hello"');
    vi.restoreAllMocks();
  });

  it('can be silent', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

    silentLogger.child({ a: 1 }).error('nobody hears this');

    expect(write).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});
