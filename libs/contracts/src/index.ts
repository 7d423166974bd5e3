export * from './dead-letter.ts';
export * from './primitives.ts';
export * from './problem.ts';
