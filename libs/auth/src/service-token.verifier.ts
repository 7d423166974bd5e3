import { AppError } from '@emporium/errors';
import { type JWTHeaderParameters, jwtVerify } from 'jose';
import { z } from 'zod';
import { invalidServiceToken } from './auth.errors.ts';
import { type JSONWebKeySet, readPublicKeys } from './keys.ts';
import { serviceTokenSeconds, serviceTokenType } from './service-token.signer.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** Which service called, and what for. */
export interface ServiceCaller {
  caller: string;
  scope: string;
}

/** `service` is the audience: our own name. `publicKeys` is a key set as JSON (`SERVICE_TOKEN_PUBLIC_KEYS`), key id = service name. */
export interface ServiceTokenVerifierOptions {
  service: string;
  publicKeys: string;
}

/** Checks who calls. Does not decide whether that caller may: the route does. */
export interface ServiceTokenVerifier {
  /** Raises AppError `unauthenticated` / `invalid-service-token`. */
  verify(token: string): Promise<ServiceCaller>;
}

const claims = z.object({ iss: z.string().min(1), scope: z.string(), exp: z.int() });

const clockToleranceSeconds = 5;

/** Raises a plain Error at once for an unusable key set. A service can sign only as itself: issuer and key id must be the same name. */
export function createServiceTokenVerifier({ service, publicKeys }: ServiceTokenVerifierOptions): ServiceTokenVerifier {
  const keys = readPublicKeys(parseKeySet(publicKeys), 'EdDSA');
  if (keys.size === 0) throw new Error('The service key set holds no Ed25519 key.');
  // One token per caller and scope is alive at a time; a thousand leaves room for replicas.
  const verified = new VerifiedTokens<ServiceCaller & { exp: number }>(1_000);

  const keyOf = ({ kid = '' }: JWTHeaderParameters) => {
    const key = keys.get(kid);
    if (key === undefined) throw invalidServiceToken();
    return key;
  };

  const check = async (token: string) => {
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      algorithms: ['EdDSA'],
      audience: service,
      typ: serviceTokenType,
      requiredClaims: ['iss', 'exp', 'iat'],
      maxTokenAge: serviceTokenSeconds,
      clockTolerance: clockToleranceSeconds,
    });
    const { iss, scope, exp } = claims.parse(payload);
    if (iss !== protectedHeader.kid) throw invalidServiceToken();
    return { caller: iss, scope, exp };
  };

  const checkAndRemember = async (token: string) => {
    const checked = await check(token).catch(refuse);
    verified.set(token, checked);
    return checked;
  };

  return {
    async verify(token) {
      const { caller, scope } = verified.get(token) ?? (await checkAndRemember(token));
      return { caller, scope };
    },
  };
}

function refuse(error: unknown): never {
  throw error instanceof AppError ? error : invalidServiceToken(error);
}

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

function parseKeySet(text: string): JSONWebKeySet {
  try {
    return keySet.parse(JSON.parse(text)) as JSONWebKeySet;
  } catch {
    // The parsers' own messages quote the text, which may be a private key put in the wrong variable.
    throw new Error('The service key set is not a JSON key set.');
  }
}
