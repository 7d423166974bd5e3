export * from './primitives.ts';
export * from './problem.ts';
