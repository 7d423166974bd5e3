import { counter } from '@emporium/telemetry';

const received = counter('emporium_webhooks_received_total', 'Events of the payment provider, by what they did.', ['effect']);

export const webhookMetrics = {
  received: (effect: 'effective' | 'repeated' | 'ignored') => received.inc({ effect }),
};
