export { EventConsumer, type EventConsumerOptions } from './consumer.ts';
export { type DeadLetter, DeadLetters } from './dead-letter.ts';
export { type EventContract, type EventEnvelope, type EventHandler, on, streamOf } from './event.ts';
export { type JobAdder, Outbox } from './outbox.ts';
export { type EventTask, eventCrontab, eventTasks, publishTask } from './publisher.ts';

/** Tables of the inbox, the dead letters and the published events, for `migrate`. */
export const eventsMigrations = { name: 'events', directory: new URL('../migrations', import.meta.url) };
