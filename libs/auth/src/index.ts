export { type AccessTokenSigner, type AccessTokenSignerOptions, createAccessTokenSigner } from './access-token.signer.ts';
export type { AccessClaims, Role } from './access-token.ts';
export {
  type AccessTokenVerifier,
  type AccessTokenVerifierOptions,
  bearerToken,
  createAccessTokenVerifier,
} from './access-token.verifier.ts';
export { generateAccessKey, generateServiceKeys, type JSONWebKeySet, type ServiceKeys } from './keys.ts';
export {
  createPasswordHasher,
  type HashingOptions,
  hashPassword,
  type PasswordHasher,
  type PasswordHasherOptions,
  passwordNeedsRehash,
  verifyPassword,
} from './passwords.ts';
export { createServiceTokenSigner, type ServiceTokenSigner, type ServiceTokenSignerOptions } from './service-token.signer.ts';
export {
  createServiceTokenVerifier,
  type ServiceCaller,
  type ServiceTokenVerifier,
  type ServiceTokenVerifierOptions,
} from './service-token.verifier.ts';
