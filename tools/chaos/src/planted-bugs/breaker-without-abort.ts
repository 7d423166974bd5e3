import type { PlantedBug } from './planted-bug.ts';

export const breakerWithoutAbort: PlantedBug = {
  id: 'breaker-without-abort',
  title: 'A call that runs out of time is given up by its caller only: its place is free again while it is still on the wire.',
  seenIn: 'opossum, whose own time-out does so',
  replacements: [
    {
      file: 'libs/http-client/src/transport.ts',
      old: `
    if (this.controller !== undefined) {
      this.controller.abort(failure);`,
      new: `
    if (this.controller !== undefined && failure.reason !== 'timeout') {
      this.controller.abort(failure);`,
    },
  ],
  experiments: ['provider-holds-its-calls'],
  rules: ['experiment'],
};
