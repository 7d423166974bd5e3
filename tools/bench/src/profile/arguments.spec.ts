import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { inspectorUrlIn } from './inspector-session.ts';

describe('the arguments of a profile', () => {
  it('name services, one or several', () => {
    expect(readArguments(['gateway'])).toMatchObject({
      services: ['gateway'],
      scenario: 'product-read-through',
      seconds: 10,
      top: 25,
    });
    expect(readArguments(['order,payment', '--scenario', 'purchase'])).toMatchObject({
      services: ['order', 'payment'],
      scenario: 'purchase',
    });
  });

  it.each([[[]], [['simulator']], [['order', '--seconds', '0']], [['order', '--top', 'x']]])('are refused: %j', (argv) => {
    expect(() => readArguments(argv)).toThrow();
  });
});

describe('the address of an inspector', () => {
  it('is the last that the log says', () => {
    const log =
      'Debugger listening on ws://127.0.0.1:1/a\nFor help, see …\n{"level":"info"}\nDebugger listening on ws://127.0.0.1:2/b\n';

    expect(inspectorUrlIn(log)).toBe('ws://127.0.0.1:2/b');
    expect(() => inspectorUrlIn('')).toThrow('does not say');
  });
});
