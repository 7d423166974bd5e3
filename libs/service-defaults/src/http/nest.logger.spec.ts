import { recordingLogger } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { NestLogger } from './nest.logger.ts';

describe('Nest’s own lines', () => {
  it('are ours: chatter is debug, warnings and errors stay what they are', () => {
    const { logger, lines } = recordingLogger();
    const nest = new NestLogger(logger);

    nest.log('Mapped {/v1, GET} route', 'RouterExplorer');
    nest.warn('deprecated', 'Injector');
    nest.error('cannot resolve', 'stack', 'Injector');
    nest.error(new Error('broken'));

    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['debug', 'Mapped {/v1, GET} route'],
      ['warn', 'deprecated'],
      ['error', 'cannot resolve'],
      ['error', 'broken'],
    ]);
  });
});
