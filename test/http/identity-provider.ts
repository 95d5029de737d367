import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, type JWK } from 'jose';
import { onTestFinished } from 'vitest';

export const ISSUER = 'https://login.example';
export const AUDIENCE = 'shop';

/** Claims for alice that are valid for an hour. */
export const goodClaims = (): Record<string, unknown> => {
  const now = Math.floor(Date.now() / 1_000);
  return { iss: ISSUER, aud: AUDIENCE, sub: 'alice', role: 'customer', iat: now, exp: now + 3_600 };
};

export interface ProviderKey {
  readonly publicJwk: JWK;
  /** Signs claims; `header` overrides fields of the header. */
  readonly sign: (claims: Record<string, unknown>, header?: object) => Promise<string>;
}

export const createKey = async (kid: string, alg = 'ES256'): Promise<ProviderKey> => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey),
  };
};

type Respond = (response: ServerResponse) => void;

/** Publishes keys like an identity provider, and counts the requests. */
export const startProvider = async (keys: readonly ProviderKey[]) => {
  let fetches = 0;
  const publish =
    (published: readonly ProviderKey[]): Respond =>
    (response) => {
      response.setHeader('content-type', 'application/jwk-set+json');
      response.end(JSON.stringify({ keys: published.map(({ publicJwk }) => publicJwk) }));
    };
  let respond = publish(keys);
  const server = createServer((_request, response) => {
    fetches += 1;
    respond(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    if (server.listening) await once(server.close(), 'close');
  };
  onTestFinished(close);
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    fetches: () => fetches,
    rotate: (published: readonly ProviderKey[]) => (respond = publish(published)),
    respondWith: (other: Respond) => (respond = other),
    close,
  };
};
