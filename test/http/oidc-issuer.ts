import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { onTestFinished } from 'vitest';

const KEY_ID = 'key-1';
export const CLIENT = { clientId: 'moa', clientSecret: 'a secret of the client' };

/** The user at the provider who answers the next sign-in. */
export interface Person {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
}

interface Grant {
  readonly challenge: string;
  readonly nonce: string | undefined;
  readonly redirectUri: string;
}

/**
 * An OpenID Connect provider: discovery, key set, authorization code with PKCE, signed id tokens.
 * Every code works once. Nobody types a password: `person` has signed in.
 */
export const startIssuer = async (person: () => Person) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' };
  const grants = new Map<string, Grant>();
  let url = '';
  let changes: object = {};

  const authorize = (query: URLSearchParams): string => {
    const code = `code-${grants.size}`;
    const redirectUri = query.get('redirect_uri') ?? '';
    grants.set(code, {
      challenge: query.get('code_challenge') ?? '',
      nonce: query.get('nonce') ?? undefined,
      redirectUri,
    });
    const target = new URL(redirectUri);
    target.searchParams.set('code', code);
    target.searchParams.set('state', query.get('state') ?? '');
    target.searchParams.set('iss', url);
    return target.href;
  };

  const exchange = async (request: IncomingMessage): Promise<object | undefined> => {
    const form = new URLSearchParams(await text(request));
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const isClient = form.get('client_secret') === CLIENT.clientSecret;
    if (grant?.challenge !== challenge || !isClient) return undefined;
    if (grant.redirectUri !== form.get('redirect_uri')) return undefined;
    const told = { iss: url, aud: CLIENT.clientId, nonce: grant.nonce, ...person() };
    const claims = { ...told, ...changes };
    const idToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    return { access_token: 'an access token', token_type: 'Bearer', id_token: idToken };
  };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    const send = (body: object | undefined) => {
      response.statusCode = body === undefined ? 400 : 200;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body ?? { error: 'invalid_grant' }));
    };
    if (pathname === '/.well-known/openid-configuration') {
      send({
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
        id_token_signing_alg_values_supported: ['ES256'],
      });
    } else if (pathname === '/keys') send({ keys: [jwk] });
    else if (pathname === '/token') void exchange(request).then(send);
    else {
      response.writeHead(302, { location: authorize(searchParams) }).end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => void server.close());
  return {
    url,
    /** Changes the claims of the next id tokens. */
    forge: (claims: object) => {
      changes = claims;
    },
  };
};
