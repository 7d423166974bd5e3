import { counter } from '@emporium/telemetry';
import type { EndCause } from './session.ts';

const ended = counter('emporium_sessions_ended_total', 'Sessions that were ended before their time, by cause.', ['cause']);

export const sessionMetrics = {
  ended: (cause: EndCause, count: number) => ended.inc({ cause }, count),
};
