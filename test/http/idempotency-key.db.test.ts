import { expect, test } from 'vitest';
import type { Route } from '../../src/contract/index.ts';
import { flawIn, pointersIn } from '../support/problem.ts';
import {
  digestTables,
  startRealServer,
  testOnSharedServer,
  type RealServer,
} from './real-server.ts';
import { paramsOf, pathOf, samplesOf } from './samples.ts';

const RETRIES = 5;

/** A valid request to a POST route, with this key. */
const requestTo = ({ known, headersFor }: RealServer, route: Route, key: string | string[]) => {
  const headers = {
    ...headersFor(route),
    'content-type': 'application/json',
    'idempotency-key': key,
  };
  const path = pathOf(route, paramsOf(route, known));
  const [fields] =
    route.item === undefined
      ? samplesOf(route.body ?? {}, known)
      : [{ items: samplesOf(route.item, { ...known, sku: 'another' }) }];
  return { method: 'POST', path, headers, body: JSON.stringify(fields) };
};

const postsOf = ({ routes }: RealServer): Route[] =>
  routes.filter(({ method, fileTypes }) => method === 'POST' && fileTypes === undefined);

test('every POST honours a key: concurrent retries get the first answer, byte for byte', async () => {
  const server = await startRealServer();
  const affected: Route[] = [];
  for (const route of postsOf(server)) {
    // Its first answer has a secret that is not stored.
    if (route.operation === 'createApiKey') continue;
    const request = requestTo(server, route, `key of ${route.operation}`);
    const answers = await Promise.all(
      Array.from({ length: RETRIES }, () => server.exchange(request)),
    );
    answers.push(await server.exchange(request));
    // A refusal is not stored.
    if (answers.some(({ status }) => status >= 400)) continue;
    affected.push(route);
    const replayed = answers.map(({ headers }) => headers['idempotency-replayed']);
    expect([route.operation, replayed.filter((each) => each === undefined)]).toEqual([
      route.operation,
      [undefined],
    ]);
    expect(
      new Set(answers.map(({ text, headers }) => `${text} ${String(headers['etag'])}`)).size,
    ).toBe(1);
  }
  const operations = affected.map(({ operation }) => operation);
  expect(operations).toEqual(
    expect.arrayContaining([
      'createProduct',
      'createDestination',
      'addCartItem',
      'replayEvents',
      'testDestination',
      'requestAuditRun',
      'createProducts',
      'chargeWallet',
    ]),
  );

  const before = await digestTables(server.databaseUrl);
  for (const route of affected) {
    const other = affected.find(
      (each) =>
        each !== route &&
        server.headersFor(each)['authorization'] === server.headersFor(route)['authorization'],
    );
    if (other === undefined) continue;
    const request = requestTo(server, route, `key of ${other.operation}`);
    const answer = await server.exchange(request);
    expect(flawIn(answer, ['idempotency_key_reused'], request.path)).toBeUndefined();
  }
  expect(await digestTables(server.databaseUrl)).toEqual(before);
  expect(server.failures).toEqual([]);
});

testOnSharedServer(
  'the replayed cart is the first answer, also after the cart has changed',
  async ({ shared: server }) => {
    const route = server.routes.find(({ operation }) => operation === 'addCartItem')!;
    const add = (key: string) => server.exchange(requestTo(server, route, key));
    const first = await add('first');
    const second = await add('second');
    expect(second.text).not.toBe(first.text);
    const again = await add('first');
    expect(again).toMatchObject({ status: 200, text: first.text });
    expect(again.headers).toMatchObject({
      etag: first.headers['etag'],
      'idempotency-replayed': 'true',
    });
  },
);

testOnSharedServer(
  'the secret of an API key is only in the first answer',
  async ({ shared: server }) => {
    const route = server.routes.find(({ operation }) => operation === 'createApiKey')!;
    const make = () => server.exchange(requestTo(server, route, 'key of a key'));
    const { key, ...first } = JSON.parse((await make()).text) as Record<string, unknown>;
    expect(key).toMatch(/^moa_/);
    const again = await make();
    expect(JSON.parse(again.text)).toEqual(first);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
  },
);

testOnSharedServer(
  'a refused request may be sent again with its key',
  async ({ shared: server }) => {
    const route = server.routes.find(({ operation }) => operation === 'replayEvents')!;
    const { headers, body } = requestTo(server, route, 'key of a refusal');
    const path = '/v1/destinations/00000000-0000-7000-8000-000000000000/replay';
    for (const _ of [1, 2]) {
      const answer = await server.exchange({ method: 'POST', path, headers, body });
      expect(flawIn(answer, ['destination_not_found'], path)).toBeUndefined();
    }
  },
);

testOnSharedServer(
  'every POST rejects an invalid key and changes nothing',
  async ({ shared: server }) => {
    const before = await digestTables(server.databaseUrl);
    const flaws: string[] = [];
    for (const route of postsOf(server)) {
      const isMissing = route.keyed === true ? ['idempotency_key_missing' as const] : [];
      for (const key of [
        'x'.repeat(256),
        'x'.repeat(300),
        ' \t ',
        '',
        'caf\u00e9',
        ['a', 'b'],
        ['a', 'a'],
      ]) {
        const request = requestTo(server, route, key);
        const answer = await server.exchange(request);
        const flaw = flawIn(
          answer,
          ['invalid_request', ...(key === '' || key === ' \t ' ? isMissing : [])],
          request.path,
        );
        if (flaw !== undefined) flaws.push(`${route.operation} ${String(key)} → ${flaw}`);
        else if (answer.text.includes('invalid_request')) {
          expect(pointersIn(answer)).toEqual(['/headers/idempotency-key']);
        }
      }
    }
    expect(flaws).toEqual([]);
    expect(await digestTables(server.databaseUrl)).toEqual(before);
  },
);

testOnSharedServer('a key may contain a comma', async ({ shared: server }) => {
  const route = server.routes.find(({ operation }) => operation === 'chargeWallet')!;
  const answer = await server.exchange(requestTo(server, route, 'order 1, attempt 1'));
  expect(answer.status).toBe(201);
});
