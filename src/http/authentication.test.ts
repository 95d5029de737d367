import {
  SignJWT,
  UnsecuredJWT,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
} from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExchange, type Exchange, type RawAnswer } from '../../test/support/client.ts';
import { problemIn } from '../../test/support/problem.ts';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  server = await startTestServer();
  exchange = createExchange(server.url);
});
afterAll(() => server.close());

const WALLET = '/v1/users/me/wallet';

const read = (authorization?: string): Promise<RawAnswer> =>
  exchange({
    method: 'GET',
    path: WALLET,
    headers: authorization === undefined ? {} : { authorization },
  });

/** The problem code for an Authorization header. */
const refusalOf = async (authorization?: string): Promise<string> =>
  problemIn(await read(authorization), WALLET);

const nowSeconds = () => Math.floor(Date.now() / 1_000);

/** The claims of a valid token with changes; undefined removes a claim. */
const claimsWith = (changes: Record<string, unknown> = {}): JWTPayload => ({
  iss: 'moa',
  aud: 'moa',
  sub: 'alice',
  role: 'customer',
  iat: nowSeconds(),
  exp: nowSeconds() + 60,
  ...changes,
});

const sign = (claims: JWTPayload, header: object = {}, key = server.key.privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', ...header }).sign(key);

test('a valid token is accepted', async () => {
  expect(await read(`Bearer ${await sign(claimsWith())}`)).toMatchObject({ status: 201 });
  expect(await read(`bearer ${await sign(claimsWith())}`)).toMatchObject({ status: 201 });
  expect(await read(`Bearer ${await sign(claimsWith({ aud: ['x', 'moa'] }))}`)).toMatchObject({
    status: 201,
  });
});

test('a request without a token is rejected', async () => {
  expect(await refusalOf()).toBe('unauthenticated');
});

test.for([
  '',
  'Bearer',
  'Bearer ',
  'Bearer x',
  'Bearer a.b',
  'Bearer a.b.c',
  'Bearer ..',
  'Bearer null',
  'Bearer bnVsbA.bnVsbA.AA',
  'Bearer eyJhbGciOiJFZERTQSJ9.e30.AA',
  'Bearer \u00e9.\u00e9.\u00e9',
  `Bearer ${'x'.repeat(9_000)}`,
  'Basic YWxpY2U6cGFzc3dvcmQ=',
  'alice',
])('the header %j is rejected', async (authorization) => {
  const answer = await read(authorization);
  expect(problemIn(answer, WALLET)).toBe('unauthenticated');
  expect(answer.headers['www-authenticate']).toBe('Bearer');
});

test.for<Record<string, unknown>>([
  { iss: 'somebody' },
  { iss: undefined },
  { aud: 'another service' },
  { aud: [] },
  { aud: undefined },
  { exp: 1 },
  { exp: undefined },
  { nbf: 4_000_000_000 },
  { role: undefined },
  { role: null },
  { role: 'admin' },
  { role: 'Staff' },
  { role: '' },
  { role: ['staff'] },
  { role: { staff: true } },
  { sub: undefined },
  { sub: '' },
  { sub: 'me' },
  { sub: 'a b' },
  { sub: 'a/b' },
  { sub: 'alice\n' },
  { sub: '앨리스' },
  { sub: 'x'.repeat(65) },
  { sub: ['alice'] },
  { sub: null },
  { sub: 1 },
  { sub: true },
])('a token with %o is rejected', async (changes) => {
  expect(await refusalOf(`Bearer ${await sign(claimsWith(changes))}`)).toBe('unauthenticated');
});

test('a token that expires in this second is rejected', async () => {
  expect(await refusalOf(`Bearer ${await sign(claimsWith({ exp: nowSeconds() }))}`)).toBe(
    'unauthenticated',
  );
});

test('a signature by another key is rejected', async () => {
  const other = await generateKeyPair('EdDSA');
  const publicJwk = await exportJWK(other.publicKey);
  const forged = [
    await sign(claimsWith(), {}, other.privateKey),
    await sign(claimsWith(), { kid: server.key.id }, other.privateKey),
    // A token with its own verification key.
    await sign(claimsWith(), { jwk: publicJwk }, other.privateKey),
    await sign(claimsWith(), { jku: `${server.url}/keys`, kid: 'x' }, other.privateKey),
  ];
  for (const token of forged) expect(await refusalOf(`Bearer ${token}`)).toBe('unauthenticated');
});

test('a token that was changed after signing is rejected', async () => {
  const [header = '', , signature = ''] = (await sign(claimsWith())).split('.');
  const claims = claimsWith({ role: 'staff' });
  const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');
  expect(await refusalOf(`Bearer ${header}.${changed}.${signature}`)).toBe('unauthenticated');
});

test('a token without a signature is rejected (alg none)', async () => {
  const unsecured = new UnsecuredJWT(claimsWith()).encode();
  const [, , signature] = (await sign(claimsWith())).split('.');
  expect(await refusalOf(`Bearer ${unsecured}`)).toBe('unauthenticated');
  expect(await refusalOf(`Bearer ${unsecured}${signature}`)).toBe('unauthenticated');
  const none = Buffer.from('{"alg":"None"}').toString('base64url');
  expect(await refusalOf(`Bearer ${none}.${unsecured.split('.')[1]}.AA`)).toBe('unauthenticated');
});

test('a token signed with the public key as an HMAC secret is rejected', async () => {
  const jwk = await exportJWK(server.key.publicKey);
  const secrets = [
    Buffer.from(String(jwk.x), 'base64url'),
    Buffer.from(String(jwk.x)),
    Buffer.from(await exportSPKI(server.key.publicKey)),
    Buffer.from(JSON.stringify(jwk)),
  ];
  for (const secret of secrets) {
    const token = await new SignJWT(claimsWith()).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    expect(await refusalOf(`Bearer ${token}`)).toBe('unauthenticated');
  }
});
