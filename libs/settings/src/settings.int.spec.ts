import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registry } from '@emporium/telemetry';
import { recordingLogger } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Settings } from './settings.ts';

const schema = z.strictObject({
  timeoutMs: z.int().min(1).default(800),
  breaker: z.strictObject({ enabled: z.boolean().default(true), volume: z.int().default(10) }).prefault({}),
});
const defaults = { timeoutMs: 800, breaker: { enabled: true, volume: 10 } };

describe('settings of a file', () => {
  let folder: string;
  let file: string;
  let log: ReturnType<typeof recordingLogger>;
  let settings: Settings<z.output<typeof schema>>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
    file = join(folder, 'settings.json');
    log = recordingLogger();
    settings = new Settings({ section: 'order', schema, file, logger: log.logger });
  });
  afterEach(async () => {
    settings.stop();
    await rm(folder, { recursive: true });
  });

  const write = (content: unknown, to = file) => writeFile(to, typeof content === 'string' ? content : JSON.stringify(content));
  const said = (message: string) => log.lines.filter((line) => line.message === message);
  const metricOf = async (name: string, labels: Record<string, string> = {}) => {
    const metric = await registry.getSingleMetric(name)?.get();
    return metric?.values.find((value) => Object.entries(labels).every(([label, is]) => value.labels[label] === is))?.value ?? 0;
  };
  const reloads = (outcome: string) => metricOf('emporium_settings_reloads_total', { outcome });

  it('are the defaults before it was looked at, and while there is none', async () => {
    expect(settings.current).toEqual(defaults);

    await settings.poll();

    expect(settings.current).toEqual(defaults);
    expect(settings.report()).toEqual({ file, valid: true, problems: [], settings: defaults });
    expect(log.lines).toMatchObject([{ level: 'warn', message: 'there is no settings file; the defaults are in force' }]);
  });

  it('are the defaults for good without a path, and nobody is told', async () => {
    const plain = new Settings({ section: 'order', schema, logger: log.logger });

    await plain.start();

    expect(plain.report()).toEqual({ file: null, valid: true, problems: [], settings: defaults });
    expect(log.lines).toEqual([]);
  });

  it('are in force with the poll that finds them, and logged with what they were', async () => {
    await write({ order: { timeoutMs: 500, breaker: { volume: 5 } } });
    await settings.poll();
    await write({ order: { timeoutMs: 400, breaker: { volume: 5 } } });
    await settings.poll();

    expect(settings.current).toEqual({ timeoutMs: 400, breaker: { enabled: true, volume: 5 } });
    expect(said('settings changed').map(({ level, fields }) => [level, fields.changes])).toEqual([
      ['info', { timeoutMs: { from: 800, to: 500 }, 'breaker.volume': { from: 10, to: 5 } }],
      ['info', { timeoutMs: { from: 500, to: 400 } }],
    ]);
  });

  it('stay the same object while nothing in them changes, whatever happens to the file', async () => {
    await write({ order: { timeoutMs: 500 } });
    await settings.poll();
    const before = settings.current;

    await write('  {"order":{"timeoutMs":500, "breaker":{}}}');
    await settings.poll();
    await settings.poll();

    expect(settings.current).toBe(before);
    expect(said('settings changed')).toHaveLength(1);
  });

  it('cannot be changed by who reads them', async () => {
    await write({ order: { timeoutMs: 500 } });
    await settings.poll();

    for (const tree of [settings.current, settings.current.breaker]) expect(Object.isFrozen(tree)).toBe(true);
  });

  it('stay as they are when the file is bad, which is logged once for each content and shown', async () => {
    await write({ order: { timeoutMs: 500 } });
    await settings.poll();
    const refusedBefore = await reloads('refused');

    await write({ order: { timeoutMs: 0, breaker: { volume: 5 } } });
    for (let look = 0; look < 3; look += 1) await settings.poll();

    expect(settings.current).toEqual({ ...defaults, timeoutMs: 500 });
    expect(said('settings refused; the last good ones stay')).toMatchObject([
      { level: 'error', fields: { file, problems: [expect.stringContaining('order.timeoutMs')] } },
    ]);
    expect(settings.report()).toMatchObject({ valid: false, problems: [expect.stringContaining('order.timeoutMs')] });
    expect(await metricOf('emporium_settings_valid')).toBe(0);
    expect(await reloads('refused')).toBe(refusedBefore + 1);

    await write('{');
    await settings.poll();
    expect(said('settings refused; the last good ones stay')).toHaveLength(2);
  });

  it('are in force again when the file is good again, also with the same content as before', async () => {
    await write({ order: { timeoutMs: 500 } });
    await settings.poll();
    await write('{');
    await settings.poll();

    await write({ order: { timeoutMs: 500 } });
    await settings.poll();

    expect(settings.report()).toMatchObject({ valid: true, problems: [], settings: { timeoutMs: 500 } });
    expect(await metricOf('emporium_settings_valid')).toBe(1);
    expect(said('the settings file is in force again')).toHaveLength(1);
    expect(said('settings changed')).toHaveLength(1);
  });

  it('are the defaults when the file is bad from the beginning', async () => {
    await write('not json');

    await settings.start();

    expect(settings.current).toEqual(defaults);
    expect(settings.report().valid).toBe(false);
  });

  it('are the defaults again when the file goes away, bad or good', async () => {
    await write({ order: { timeoutMs: 500 } });
    await settings.poll();

    await rm(file);
    await settings.poll();
    expect(settings.report()).toMatchObject({ valid: true, settings: defaults });
    expect(said('settings changed').at(-1)?.fields.changes).toEqual({ timeoutMs: { from: 500, to: 800 } });

    await write('{');
    await settings.poll();
    await rm(file);
    await settings.poll();
    expect(settings.report()).toMatchObject({ valid: true, settings: defaults });
  });

  it('stay when the file is there and cannot be read', async () => {
    await write({ order: { timeoutMs: 500 } });
    await settings.poll();

    await rm(file);
    await mkdir(file);
    await settings.poll();
    await settings.poll();

    expect(settings.current.timeoutMs).toBe(500);
    expect(said('settings refused; the last good ones stay')).toMatchObject([
      { fields: { problems: ['the file cannot be read: EISDIR'] } },
    ]);
  });

  it('stay when the check itself fails', async () => {
    const broken = new Settings({
      section: 'order',
      schema: schema.transform((values) => {
        if (values.timeoutMs === 666) throw new Error('a bug');
        return values;
      }),
      file,
      logger: log.logger,
    });
    await write({ order: { timeoutMs: 666 } });
    await broken.poll();
    expect(broken.current).toEqual(defaults);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { error: { message: 'a bug' } } }]);

    await write({ order: { timeoutMs: 5 } });
    await broken.poll();

    expect(broken.current.timeoutMs).toBe(5);
  });

  it('follow a file that is replaced by renaming another one', async () => {
    await write({ order: { timeoutMs: 500 } });
    await settings.poll();

    await write({ order: { timeoutMs: 400 } }, `${file}.new`);
    await rename(`${file}.new`, file);
    await settings.poll();

    expect(settings.current.timeoutMs).toBe(400);
  });

  it('follow a ConfigMap mount, where a link to a folder is replaced', async () => {
    const release = async (name: string, content: unknown) => {
      await mkdir(join(folder, name));
      await write(content, join(folder, name, 'settings.json'));
      await symlink(name, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await release('..2026_01', { order: { timeoutMs: 500 } });
    await symlink(join('..data', 'settings.json'), file);
    await settings.poll();
    expect(settings.current.timeoutMs).toBe(500);

    await release('..2026_02', { order: { timeoutMs: 400 } });
    await settings.poll();
    expect(settings.current.timeoutMs).toBe(400);

    await rm(join(folder, '..data'));
    await settings.poll();
    expect(settings.current).toEqual(defaults);
  });

  it('are always those of one whole file, however often it is replaced while it is read', async () => {
    const contents = [500, 400].map((timeoutMs) => ({ order: { timeoutMs, breaker: { volume: timeoutMs } } }));
    await write(contents[0]);
    await settings.poll();
    let isReplacing = true;
    const seen = new Set<string>();
    const replace = async () => {
      for (let turn = 0; turn < 200; turn += 1) {
        await write(contents[turn % 2], `${file}.new`);
        await rename(`${file}.new`, file);
      }
      isReplacing = false;
    };
    const look = async () => {
      while (isReplacing) {
        await settings.poll();
        const { timeoutMs, breaker } = settings.current;
        seen.add(`${timeoutMs} ${breaker.volume}`);
      }
    };

    await Promise.all([replace(), look(), look(), look()]);
    await settings.poll();

    expect([...seen].toSorted()).toEqual(['400 400', '500 500']);
    expect(said('settings refused; the last good ones stay')).toEqual([]);
    expect(settings.current.timeoutMs).toBe(400);
  });

  it('are looked for again and again by themselves once started, until stopped', async () => {
    settings = new Settings({ section: 'order', schema, file, logger: log.logger, everyMs: 5 });
    await settings.start();
    await write({ order: { timeoutMs: 500 } });
    await expect.poll(() => settings.current.timeoutMs, { interval: 5 }).toBe(500);
    await rm(file);
    await expect.poll(() => settings.current.timeoutMs, { interval: 5 }).toBe(800);

    settings.stop();
    await settings.poll();
    const lines = log.lines.length;
    await write({ order: { timeoutMs: 500 } });
    await settings.start();

    expect(settings.current.timeoutMs).toBe(500);
    expect(log.lines.length).toBe(lines + 1);
  });
});
