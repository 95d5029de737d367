import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExchange, type Exchange, type RawAnswer } from '../../test/support/client.ts';
import { membersOf, problemIn } from '../../test/support/problem.ts';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  server = await startTestServer();
  exchange = createExchange(server.url);
});
afterAll(() => server.close());

const WALLET = '/v1/users/me/wallet';
const ORDER = {
  userId: 'me',
  items: [{ productId: '01980000-0000-7000-8000-000000000000', quantity: 1 }],
};

const read = (authorization?: string, path = WALLET): Promise<RawAnswer> =>
  exchange({ method: 'GET', path, headers: authorization === undefined ? {} : { authorization } });

const checkout = (
  authorization: string,
  order: object | string = ORDER,
  headers: Record<string, string> = { 'idempotency-key': 'key' },
): Promise<RawAnswer> =>
  exchange({
    method: 'POST',
    path: '/v1/checkout',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: typeof order === 'string' ? order : JSON.stringify(order),
  });

test('the token is checked before anything else', async () => {
  const answer = await exchange({ method: 'POST', path: '/v1/checkout', body: 'no JSON' });
  expect(problemIn(answer, '/v1/checkout')).toBe('unauthenticated');
});

test('a role without access gets 403 for any input', async () => {
  for (const authorization of [server.alice, server.shop]) {
    const answer = await exchange({
      method: 'POST',
      path: '/v1/staff-only',
      headers: { authorization },
      body: 'no JSON',
    });
    expect(problemIn(answer, '/v1/staff-only')).toBe('forbidden');
  }
  expect(problemIn(await checkout(server.staff), '/v1/checkout')).toBe('forbidden');
});

test("another user's resource looks like that of a user who does not exist", async () => {
  for (const userId of ['bob', 'Alice', 'alice_', 'ME', 'staff']) {
    const path = `/v1/users/${userId}/wallet`;
    expect(problemIn(await read(server.alice, path), path)).toBe('user_not_found');
    const answer = await checkout(server.alice, { ...ORDER, userId });
    expect(problemIn(answer, '/v1/checkout')).toBe('user_not_found');
  }
});

test('staff and services may name any user', async () => {
  for (const authorization of [server.staff, server.shop]) {
    expect(await read(authorization, '/v1/users/bob/wallet')).toMatchObject({ status: 201 });
  }
  const answer = await checkout(server.shop, { ...ORDER, userId: 'bob' });
  expect(JSON.parse(answer.text)).toMatchObject({ body: { userId: 'bob' } });
});

test('"me" stands for the user id of the caller, in the path and in the body', async () => {
  for (const path of [WALLET, '/v1/users/%6de/wallet', '/v1/users/%61lice/wallet']) {
    const { text } = await read(server.alice, path);
    expect(JSON.parse(text)).toMatchObject({ params: { userId: 'alice' } });
  }
  const { text } = await checkout(server.alice);
  expect(JSON.parse(text)).toMatchObject({
    body: { userId: 'alice' },
    caller: { role: 'customer', userId: 'alice' },
    idempotencyKey: 'key',
  });
});

test('a request with an effect needs a key, which is checked before the body is read', async () => {
  for (const headers of [{}, { 'idempotency-key': '' }, { 'idempotency-key': '   ' }]) {
    expect(problemIn(await checkout(server.alice, 'no JSON', headers))).toBe(
      'idempotency_key_missing',
    );
  }
});

test.for(['x'.repeat(256), 'clé', 'a\tb', '\u00a0', '\u0080'])(
  'the key %j is rejected',
  async (key) => {
    const answer = await checkout(server.alice, ORDER, { 'idempotency-key': key });
    expect(problemIn(answer, '/v1/checkout')).toBe('invalid_request');
    expect(membersOf(answer)['errors']).toEqual([
      {
        pointer: '/headers/idempotency-key',
        message: 'must be 1 to 255 printable ASCII characters',
      },
    ]);
  },
);

test.for(['x', 'x'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"', 'a b', '~!@#$%^&*()'])(
  'the key %j is accepted unchanged',
  async (key) => {
    const { text } = await checkout(server.alice, ORDER, { 'idempotency-key': key });
    expect(JSON.parse(text)).toMatchObject({ idempotencyKey: key });
  },
);

test('a repeated answer is the same byte for byte and has the replay header', async () => {
  const answer = await read(undefined, '/v1/outcomes/replayed');
  expect(answer).toMatchObject({ status: 201, text: '{"as": "it was"}' });
  expect(answer.headers['idempotency-replayed']).toBe('true');
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  const first = await checkout(server.alice);
  expect(first.headers['idempotency-replayed']).toBeUndefined();
});
