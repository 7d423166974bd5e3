export * from './product.http.ts';
export * from './product.internal.ts';
