export * from './payment.events.ts';
export * from './payment.http.ts';
export * from './payment.internal.ts';
export * from './reconciliation.internal.ts';
