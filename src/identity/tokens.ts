import { LRUCache } from 'lru-cache';
import {
  SignJWT,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { ROLES, isUserId, type Caller, type Role } from '../contract/index.ts';
import { loadSigningKey, type SigningKey, type SigningKeyPlace } from './signing-key.ts';

export interface Tokens {
  /** The caller of a token that was verified before; one look-up in memory. */
  readonly known: (authorization: string | undefined) => Caller | undefined;
  /**
   * The caller of an `Authorization` header; undefined without a header or with an invalid token.
   * Rejects when the identity provider's keys cannot be fetched.
   */
  readonly verify: (authorization: string | undefined) => Promise<Caller | undefined>;
}

export type TokenSource =
  /** Moa's own key: for development, and for shops without an identity provider. */
  | ({ readonly kind: 'own' } & SigningKeyPlace)
  /** A shop's identity provider (OpenID Connect Discovery 1.0 calls this `jwks_uri`). */
  | {
      readonly kind: 'provider';
      readonly jwksUrl: string;
      readonly issuer: string;
      readonly audience: string;
    };

const ISSUER = 'moa';
const AUDIENCE = 'moa';
const OWN_ALGORITHM = 'EdDSA';
/** Signatures with a public key only: a shared secret or `none` must never verify (RFC 8725 §3.1). */
const PROVIDER_ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'PS256', 'RS256'];

const TOKEN_LENGTH_MAX = 8_192;
/** About the number of callers within a token's lifetime; an entry has a few hundred bytes. */
const CACHE_MAX = 100_000;

const HEADER = /^bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i;

interface Verified {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

/** Verifies bearer tokens (RFC 7519). The result of a valid token is cached. */
export const createTokens = async (source: TokenSource): Promise<Tokens> => {
  const verified = new LRUCache<string, Verified>({ max: CACHE_MAX });
  const check = await createCheck(source);

  const known = (authorization: string | undefined): Caller | undefined => {
    if (authorization === undefined) return undefined;
    const entry = verified.get(authorization);
    return entry !== undefined && entry.expiresAtMs > Date.now() ? entry.caller : undefined;
  };

  return {
    known,
    verify: async (authorization) => {
      const cached = known(authorization);
      if (authorization === undefined || cached !== undefined) return cached;
      if (authorization.length > TOKEN_LENGTH_MAX) return undefined;
      const token = HEADER.exec(authorization)?.[1];
      const claims = token === undefined ? undefined : await check(token);
      const caller = claims === undefined ? undefined : callerOf(claims);
      if (caller === undefined) return undefined;
      verified.set(authorization, { caller, expiresAtMs: (claims?.exp ?? 0) * 1_000 });
      return caller;
    },
  };
};

export interface TokenClaims {
  readonly role: Role;
  readonly userId: string;
  readonly expiresInSeconds: number;
}

/** Signs a token with Moa's own key. */
export const issueToken = (key: SigningKey, claims: TokenClaims): Promise<string> =>
  new SignJWT({ role: claims.role })
    .setProtectedHeader({ alg: OWN_ALGORITHM, kid: key.id, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(claims.userId)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1_000) + claims.expiresInSeconds)
    .sign(key.privateKey);

/** The claims of a provider, of any type. */
interface Claims {
  readonly sub?: unknown;
  readonly role?: unknown;
}

/** The caller of valid claims; else undefined. */
const callerOf = ({ sub, role: named }: Claims): Caller | undefined => {
  const role = ROLES.find((each) => each === named);
  if (role === undefined || typeof sub !== 'string' || !isUserId(sub)) return undefined;
  return { role, userId: sub };
};

/** Checks signature, issuer, audience and times; undefined for an invalid token. */
const createCheck = async (
  source: TokenSource,
): Promise<(token: string) => Promise<JWTPayload | undefined>> => {
  const required = { requiredClaims: ['exp', 'sub'] };
  switch (source.kind) {
    case 'own': {
      const { publicKey } = await loadSigningKey(source);
      const options = {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: [OWN_ALGORITHM],
        ...required,
      };
      return (token) =>
        orUndefined(async () => (await jwtVerify(token, publicKey, options)).payload);
    }
    case 'provider': {
      const keys = fetchKeys(source.jwksUrl);
      const { issuer, audience } = source;
      const options = { issuer, audience, algorithms: PROVIDER_ALGORITHMS, ...required };
      return (token) => orUndefined(async () => (await jwtVerify(token, keys, options)).payload);
    }
  }
};

/** Errors that mean that no key of the fetched key set has signed the token. */
const ABOUT_TOKEN = new Set<string>([
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
  errors.JOSENotSupported.code,
]);

/** The provider's key for a token; throws a fault when the keys cannot be fetched. */
const fetchKeys = (jwksUrl: string): JWTVerifyGetKey => {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JOSEError && ABOUT_TOKEN.has(error.code)) throw error;
      const fault = new Error(`the keys at ${jwksUrl} cannot be fetched`, { cause: error });
      throw Object.assign(fault, { code: 'KEYS_UNREACHABLE' });
    }
  };
};

const orUndefined = async (verify: () => Promise<JWTPayload>): Promise<JWTPayload | undefined> => {
  try {
    return await verify();
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
};
