export * from './product.http.ts';
export * from './product.internal.ts';
export * from './reconciliation.internal.ts';
