export { AppError, type AppErrorOptions, type FieldError, invalidField, type Json } from './app-error.ts';
export { failureText } from './failure-text.ts';
export { type ErrorKind, errorKinds, kindOfStatus, statusOf, titleOf } from './kind.ts';
export { fromProblem, type Problem, problemType, toProblem } from './problem.ts';
