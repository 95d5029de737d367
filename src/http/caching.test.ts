import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Type } from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';
import { defineRoute, ok, strictObject, type Route } from '../contract/index.ts';

/** What the public routes answer now. */
let body: object = {};

const route = (path: string, access: Route['access']): Route =>
  defineRoute({
    method: 'GET',
    path,
    operation: path.replaceAll('/', ''),
    summary: 'Read the body',
    tag: 'Fakes',
    access,
    answers: { 200: strictObject({ text: Type.String() }) },
    problems: [],
    handle: () => Promise.resolve(ok(body)),
  });

const LARGE = { text: 'stock of a product '.repeat(1_000) };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    routes: [route('/public', 'public'), route('/own', ['staff'])],
  });
});
afterAll(() => server.close());
beforeEach(() => {
  body = { text: 'small' };
});

type Headers = Readonly<Record<string, string>>;

const read = (url: string, headers: Headers = {}, method: 'GET' | 'HEAD' = 'GET') =>
  server.app.inject({ method, url, headers });

test('a public answer is validated before each use and not sent twice', async () => {
  const first = await read('/public');
  const etag = String(first.headers['etag']);
  expect(first.headers['cache-control']).toBe('no-cache');
  for (const tags of [etag, `"other", ${etag}`, '*', etag.replace('W/', '')]) {
    const same = await read('/public', { 'if-none-match': tags });
    expect([tags, same.statusCode, same.body]).toEqual([tags, 304, '']);
    expect(same.headers['etag']).toBe(etag);
    expect(same.headers['cache-control']).toBe('no-cache');
  }
  expect((await read('/public', { 'if-none-match': etag }, 'HEAD')).statusCode).toBe(304);

  body = { text: 'sold out' };
  const changed = await read('/public', { 'if-none-match': etag });
  expect(changed.statusCode).toBe(200);
  expect(changed.json()).toEqual(body);
  expect(changed.headers['etag']).not.toBe(etag);
});

test('a large public answer is compressed on request, a small one is not', async () => {
  const small = await read('/public', { 'accept-encoding': 'br, gzip' });
  expect(small.headers['content-encoding']).toBeUndefined();
  body = LARGE;
  for (const [encoding, decode] of [
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const) {
    const answer = await read('/public', { 'accept-encoding': encoding });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers['vary']).toBe('accept-encoding');
    expect(answer.rawPayload.length).toBeLessThan(1_000);
    expect(JSON.parse(decode(answer.rawPayload).toString())).toEqual(LARGE);
    const known = { 'accept-encoding': encoding, 'if-none-match': String(answer.headers['etag']) };
    const same = await read('/public', known);
    expect([same.statusCode, same.headers['vary']]).toEqual([304, 'accept-encoding']);
  }
  const plain = await read('/public');
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(plain.headers['vary']).toBe('accept-encoding');
  expect(plain.json()).toEqual(LARGE);
});

test('a private answer is neither stored nor compressed', async () => {
  body = LARGE;
  const answer = await read('/own', {
    authorization: server.staff,
    'accept-encoding': 'br',
    'if-none-match': '*',
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['etag']).toBeUndefined();
  expect(answer.headers['content-encoding']).toBeUndefined();
  expect(answer.json()).toEqual(LARGE);
});

test('a problem is not stored', async () => {
  for (const url of ['/own', '/nowhere', '/public?x=1', '/problems/nothing']) {
    const answer = await read(url, { 'if-none-match': '*' });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['etag']).toBeUndefined();
  }
});

test('pages and the OpenAPI document may be kept for minutes and are compressed', async () => {
  for (const url of ['/openapi.json', '/problems', '/problems/not-found', '/docs']) {
    const { statusCode, headers } = await read(url);
    expect([url, statusCode]).toEqual([url, 200]);
    expect(headers['cache-control']).toBe('public, max-age=300');
    const tag = { 'if-none-match': String(headers['etag']) };
    expect([url, (await read(url, tag)).statusCode]).toEqual([url, 304]);
  }
  const document = await read('/openapi.json', { 'accept-encoding': 'gzip' });
  expect(document.headers['content-encoding']).toBe('gzip');
  expect(JSON.parse(gunzipSync(document.rawPayload).toString())).toMatchObject({
    openapi: '3.1.0',
  });
});
