export * from './user.http.ts';
