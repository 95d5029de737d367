import { connect } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from '@prometheus-io/client';
import { Type } from 'typebox';
import {
  Amount,
  UserId,
  Uuid,
  defineRoute,
  strictObject,
  text,
  type Caller,
  type Route,
} from '../../src/contract/index.ts';
import { createTokens, issueToken, loadSigningKey } from '../../src/identity/index.ts';
import { createServer, type ServerOptions } from '../../src/http/server.ts';

/** Answers with the request that the handler received. */
const echo = (request: object) =>
  Promise.resolve({ kind: 'answer' as const, status: 201, body: { ...request } });

/** The same route with a required key. */
const keyed = (route: Route): Route => ({ ...route, keyed: true });

/** Routes of every kind that the server treats differently; they use no database. */
export const fakeRoutes: Route[] = [
  keyed(
    defineRoute({
      method: 'POST',
      path: '/v1/checkout',
      operation: 'checkout',
      summary: 'Echo an order',
      tag: 'Fakes',
      access: ['customer', 'service'],
      owner: 'body',
      body: strictObject({
        userId: UserId,
        items: Type.Array(
          strictObject({ productId: Uuid, quantity: Type.Integer({ minimum: 1, maximum: 9_999 }) }),
          { minItems: 1, maxItems: 100 },
        ),
        expectedTotal: Type.Optional(Amount),
        note: Type.Optional(text(1, 200)),
      }),
      answers: { 201: Type.Object({}) },
      problems: ['user_not_found'],
      handle: echo,
    }),
  ),
  defineRoute({
    method: 'GET',
    path: '/v1/users/:userId/wallet',
    operation: 'getWallet',
    summary: 'Echo a wallet',
    tag: 'Fakes',
    access: ['customer', 'staff', 'service'],
    owner: 'params',
    params: strictObject({ userId: UserId }),
    query: strictObject({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }),
    answers: { 201: Type.Object({}) },
    problems: ['user_not_found'],
    handle: echo,
  }),
  keyed(
    defineRoute({
      method: 'POST',
      path: '/v1/staff-only',
      operation: 'staffOnly',
      summary: 'Run an operation for staff only',
      tag: 'Fakes',
      access: ['staff'],
      answers: { 201: Type.Object({}) },
      problems: [],
      handle: echo,
    }),
  ),
  defineRoute({
    method: 'GET',
    path: '/v1/outcomes/:name',
    operation: 'getOutcome',
    summary: 'Answer with a named outcome',
    tag: 'Fakes',
    access: 'public',
    params: strictObject({ name: Type.String() }),
    answers: { 200: Type.Object({}) },
    problems: ['overloaded'],
    handle: ({ params }) => {
      switch (params.name) {
        case 'replayed':
          return Promise.resolve({
            kind: 'answer',
            status: 201,
            body: '{"as": "it was"}',
            replayed: true,
          });
        case 'overloaded':
          return Promise.resolve({ kind: 'problem', code: 'overloaded' });
        case 'refused':
          return Promise.resolve({
            kind: 'problem',
            code: 'insufficient_balance',
            members: { balance: 1, required: 2 },
          });
        case 'slow':
          return new Promise((resolve) => {
            setTimeout(() => resolve({ kind: 'answer', status: 200, body: '{"slow":true}' }), 300);
          });
        default:
          return Promise.reject(new Error('a secret of the database'));
      }
    },
  }),
];

type Options = Partial<ServerOptions>;

/** A server on a free port, with a new signing key. */
export const startTestServer = async (options: Options = {}) => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-http-'));
  const logged: string[] = [];
  const app = await createServer({
    routes: fakeRoutes,
    tokens: await createTokens({ kind: 'own', directory }),
    ensureRegistered: () => undefined,
    ready: () => Promise.resolve({ ready: true, checks: { database: 'reachable' } }),
    answerMs: 5_000,
    rateLimit: false,
    trustProxy: false,
    log: pino({ level: 'info' }, { write: (line: string) => logged.push(line) }),
    metrics: new Registry(),
    version: '1.2.3',
    ...options,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const key = await loadSigningKey(directory);
  const bearer = async ({ role, userId }: Caller): Promise<string> =>
    `Bearer ${await issueToken(key, { role, userId, expiresInSeconds: 60 })}`;
  return {
    app,
    url,
    logged,
    alice: await bearer({ role: 'customer', userId: 'alice' }),
    staff: await bearer({ role: 'staff', userId: 'staff' }),
    shop: await bearer({ role: 'service', userId: 'shop' }),
    bearer,
    key,
    close: async () => {
      await app.close();
      await rm(directory, { recursive: true });
    },
  };
};

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** Writes bytes to a socket and returns everything received until the server closes it. */
export const sendRaw = (url: string, bytes: string | Buffer, waitMs = 2_000): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(finish, waitMs);
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', finish);
    socket.on('close', finish);
  });
