import type { AccessRule } from '../access/access-rule.ts';

/**
 * What goes first when not everything can be done: money on its way (orders, cancellations, refunds, webhooks, calls between services),
 * then people who sign in or are signed in, then looking around, then lists for the staff.
 */
export const priorities = ['checkout', 'account', 'browse', 'reports'] as const;
export type Priority = (typeof priorities)[number];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route is worth under load. A `probe` is never refused. Services need not say it: the gateway does, with each request. */
    priority?: Priority | 'probe';
    /** Whether what the request needs is used up: asked as it arrives. */
    isFull?: (request: FastifyRequest) => boolean;
  }
}

/** The header in which the gateway says what a request is worth. It comes from the gateway's own table, never from a client. */
export const priorityHeader = 'x-priority';

/** How much of what there is each priority may use up before it is refused. The last quarter is for money alone. */
export const shareOf: Readonly<Record<Priority, number>> = { checkout: 1, account: 0.75, browse: 0.5, reports: 0.4 };

/**
 * What a request is worth to a service. Calls of other services are parts of purchases, or what the platform itself lives on. The header is
 * believed before the token of its sender is looked at: whoever can reach a service and lies in it is looked at later, and gains no right.
 */
export function priorityIn(rule: AccessRule, header: string | string[] | undefined): Priority {
  if (rule.kind === 'internal' || rule.kind === 'open') return 'checkout';
  return priorities.find((priority) => priority === header) ?? 'browse';
}
