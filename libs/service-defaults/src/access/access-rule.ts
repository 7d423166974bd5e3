/** Roles a user can hold; the same words as in the contracts. */
export type Role = 'customer' | 'support' | 'admin';

/** What a route asks of its caller. A route without a decorator asks for a user. */
export type AccessRule =
  | { readonly kind: 'user'; readonly roles?: readonly Role[] }
  | { readonly kind: 'public' }
  | { readonly kind: 'internal'; readonly callers: readonly string[] }
  | { readonly kind: 'open' };

/** The rule of every route that does not say otherwise. */
export const userRule: AccessRule = { kind: 'user' };
