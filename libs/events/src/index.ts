export { EventConsumer } from './consumer.ts';
export type { EventConsumerOptions } from './consumer-options.ts';
export { type DeadLetter, DeadLetters } from './dead-letter.ts';
export { type EventContract, type EventEnvelope, type EventHandler, on, streamOf } from './event.ts';
export { purgeInbox } from './inbox.ts';
export { eventsMigrations } from './migrations.ts';
export { type JobAdder, Outbox } from './outbox.ts';
export { type EventTask, eventCrontab, eventTasks, publishTask } from './publisher.ts';
export { EventRelay, type EventRelayOptions } from './relay.ts';
