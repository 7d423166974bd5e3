import type { PlantedBug } from './planted-bug.ts';

export const noDedupe: PlantedBug = {
  id: 'no-dedupe',
  title: 'An event that arrives twice is handled twice.',
  replacements: [
    {
      file: 'libs/events/src/entry-handler.ts',
      old: `
        if (isNew) await this.inTime(`,
      new: `
        await this.inTime(`,
    },
    {
      file: 'libs/events/src/entry-handler.ts',
      old: `
          .filter(({ id }) => entered.delete(id.toLowerCase()));`,
      new: `
          .filter(({ id }) => entered.delete(id.toLowerCase()) || id !== '');`,
    },
  ],
  experiments: ['events-sent-again'],
  rules: ['experiment'],
};
