export * from './order.events.ts';
export * from './order.http.ts';
