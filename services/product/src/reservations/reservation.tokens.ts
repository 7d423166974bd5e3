/** How long units stay put aside for an order that nobody finishes. */
export const RESERVATION_TTL_MS = Symbol('RESERVATION_TTL_MS');
