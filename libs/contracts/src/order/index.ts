export * from './order.events.ts';
export * from './order.http.ts';
export * from './reconciliation.http.ts';
