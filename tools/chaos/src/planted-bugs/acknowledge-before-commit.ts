import type { PlantedBug } from './planted-bug.ts';

const consumer = 'libs/events/src/consumer.ts';

export const acknowledgeBeforeCommit: PlantedBug = {
  id: 'acknowledge-before-commit',
  title: 'A consumer acknowledges the events it has read before it has handled them, so a process that dies takes them with it.',
  replacements: [
    {
      file: consumer,
      old: `
    for (const { entry } of items) this.inWork.add(entry);
    try {
`,
      new: `
    for (const { entry } of items) this.inWork.add(entry);
    try {
      await group.acknowledge(items.map(({ entry }) => entry));
`,
    },
  ],
  experiments: ['consumer-killed'],
  rules: ['experiment'],
};
