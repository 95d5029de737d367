/** An OpenID Connect provider that signs users in. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says. */
  readonly name: string;
}

/** The provider's name in addresses: `/auth/callback/oidc`. */
export const PROVIDER_ID = 'oidc';

/** In characters. The most that is hashed; NIST SP 800-63B-4 §3.1.1.2 asks for at least 64. */
export const PASSWORD_LENGTH = { min: 8, max: 128 } as const;

/** As the name of a user in the API. */
export const NAME_LENGTH_MAX = 100;

/** Carries the caller's address, as the rest of Moa sees it, to better-auth. */
export const ADDRESS_HEADER = 'x-moa-address';

const WORD = "[A-Za-z0-9_'+-]+";

/** Addresses that better-auth accepts; one of another alphabet is written in Punycode. */
export const EMAIL = new RegExp(
  String.raw`^${WORD}(?:\.${WORD})*@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$`,
);
