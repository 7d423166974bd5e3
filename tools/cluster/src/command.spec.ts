import { describe, expect, it } from 'vitest';
import { attempt, run } from './command.ts';

const node = (script: string) => [process.execPath, ['-e', script]] as const;

describe('a program that is run', () => {
  it('gets its input and gives its output', async () => {
    expect(await run(...node('process.stdin.pipe(process.stdout)'), { input: 'hello' })).toBe('hello');
  });

  it('that fails says what it said', async () => {
    await expect(run(...node("console.error('no such thing'); process.exit(3)"))).rejects.toThrow(/ended with 3: no such thing/);
  });

  it('is killed when it is out of time', async () => {
    expect(await attempt(...node('setInterval(() => {}, 1000)'), { timeoutMs: 300 })).toMatchObject({ code: 124 });
  });

  it('that is not there is an error', async () => {
    await expect(attempt('no-such-program-here', [])).rejects.toThrow('ENOENT');
  });
});
