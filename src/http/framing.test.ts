import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemIn, readAnswers } from '../../test/support/problem.ts';
import { sendRaw, startTestServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const BODY = JSON.stringify({
  userId: 'me',
  items: [{ productId: '01980000-0000-7000-8000-000000000000', quantity: 1 }],
});
const LENGTH = BODY.length;
const CHUNK = `${LENGTH.toString(16)}\r\n${BODY}\r\n`;

/** An order with these headers at the end of its head, and this text after the head. */
const order = (headers: readonly string[], rest: string): string =>
  [
    'POST /v1/checkout HTTP/1.1',
    'Host: moa',
    `Authorization: ${server.alice}`,
    'Idempotency-Key: once',
    'Content-Type: application/json',
    ...headers,
    '',
    rest,
  ].join('\r\n');

const get = (path: string, ...headers: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: moa', 'Connection: close', ...headers, '', ''].join('\r\n');

/** Inputs that are not exactly one request under every reading. */
const AMBIGUOUS: Readonly<Record<string, () => string | Buffer>> = {
  'two lengths': () => order([`Content-Length: ${LENGTH}`, 'Content-Length: 5'], BODY),
  'one length twice': () => order(Array(2).fill(`Content-Length: ${LENGTH}`) as string[], BODY),
  'a length and chunks': () =>
    order([`Content-Length: ${LENGTH}`, 'Transfer-Encoding: chunked'], `0\r\n\r\n${BODY}`),
  'a negative length': () => order(['Content-Length: -1'], BODY),
  'a length with a sign': () => order([`Content-Length: +${LENGTH}`], BODY),
  'a length beyond any number': () => order(['Content-Length: 99999999999999999999'], BODY),
  'a space before the colon': () => order([`Content-Length : ${LENGTH}`], BODY),
  'an unknown coding': () => order(['Transfer-Encoding: xchunked'], '0\r\n\r\n'),
  'a coding after chunked': () => order(['Transfer-Encoding: chunked, identity'], CHUNK),
  'a chunk without a size': () => order(['Transfer-Encoding: chunked'], `zz\r\n${BODY}\r\n`),
  'garbage for a chunk': () => order(['Transfer-Encoding: chunked'], `${CHUNK}garbage\r\n\r\n`),
  'a folded header': () => get('/healthz', 'X-A: b\r\n c'),
  'lines that end in LF alone': () => 'GET /healthz HTTP/1.1\nHost: moa\n\n',
  'a NUL in a header': () => get('/healthz', 'X-A: b\0c'),
  'a space in the path': () => get('/v1/out comes'),
  'bytes beyond ASCII in the path': () => Buffer.from(get('/v1/users/한/wallet')),
  'bytes beyond ASCII in the query': () => Buffer.from(get('/v1/outcomes/replayed?query=물')),
  'an unknown method': () => get('/healthz').replace('GET', 'FETCH'),
  'a later version of HTTP': () => get('/healthz').replace('1.1', '3.0'),
  'the preface of HTTP/2': () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'the beginning of TLS': () => Buffer.from('16030100a5010000a10303', 'hex'),
  'no host': () => get('/healthz').replace('Host: moa\r\n', ''),
};

test.for(Object.entries(AMBIGUOUS))(
  '%s is answered with one problem and a close',
  async ([, make]) => {
    const answers = readAnswers(await sendRaw(server.url, make()));
    expect(answers).toHaveLength(1);
    expect(problemIn(answers[0])).toBe('invalid_request');
    expect(answers[0]?.headers['connection']).toBe('close');
  },
);

test.for(['/v1/outcomes/물', '/v1/outcomes/replayed?query=물'])(
  'the refusal of %s says what to do',
  async (path) => {
    const [answer] = readAnswers(await sendRaw(server.url, Buffer.from(get(path))));
    expect(answer?.text).toContain('must be percent-encoded');
  },
);

test.for([
  ['a header of 20 KB', () => get('/healthz', `X-A: ${'x'.repeat(20_000)}`)],
  ['a path of 20 KB', () => get(`/${'x'.repeat(20_000)}`)],
  ['3,000 headers', () => get('/healthz', ...(Array(3_000).fill('X-A: b') as string[]))],
] as const)('%s is rejected as too large', async ([, make]) => {
  const answers = readAnswers(await sendRaw(server.url, make()));
  expect(answers).toHaveLength(1);
  expect(problemIn(answers[0])).toBe('headers_too_large');
});

test('a request that does not arrive in time is rejected', async () => {
  const begun = once(server.app.server, 'request');
  const received = sendRaw(server.url, order([`Content-Length: ${LENGTH}`], '{'));
  const [{ socket }] = (await begun) as [{ socket: Socket }];
  // The error that Node emits after the timeout.
  const late = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  server.app.server.emit('clientError', late, socket);
  const answers = readAnswers(await received);
  expect(answers).toHaveLength(1);
  expect(problemIn(answers[0])).toBe('request_timeout');
});

test('invalid bytes after a request that waits for its answer get no answer', async () => {
  // The client would take an error for the answer to the order, which may have had its effect.
  const garbage = 'garbage\r\n\r\n';
  expect(await sendRaw(server.url, order([`Content-Length: ${LENGTH}`], BODY + garbage))).toBe('');
  const slow = get('/v1/outcomes/slow').replace('close', 'keep-alive');
  expect(await sendRaw(server.url, slow + garbage)).toBe('');
});

test('pipelined requests are answered in order', async () => {
  const ahead = order([`Content-Length: ${LENGTH}`], BODY) + get('/v1/outcomes/replayed');
  const answers = readAnswers(await sendRaw(server.url, ahead));
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(answers[1]?.text).toBe('{"as": "it was"}');
});

test('the body of a GET is not read as a second request', async () => {
  const hidden = get('/v1/outcomes/replayed');
  const answers = readAnswers(
    await sendRaw(server.url, get('/healthz', `Content-Length: ${hidden.length}`) + hidden),
  );
  expect(answers.map(({ text }) => text)).toEqual(['{"status":"ok"}']);
});

test('a trailer field does not change a header', async () => {
  const headers = ['Connection: close', 'Transfer-Encoding: chunked', 'Trailer: Authorization'];
  const received = await sendRaw(
    server.url,
    order(headers, `${CHUNK}0\r\nAuthorization: ${server.shop}\r\n\r\n`),
  );
  const [head = '', text = ''] = received.split('\r\n\r\n');
  expect(head).toContain('HTTP/1.1 201');
  expect(JSON.parse(text)).toMatchObject({ caller: { role: 'customer', userId: 'alice' } });
});

test('an unknown expectation is ignored', async () => {
  const [answer] = readAnswers(await sendRaw(server.url, get('/healthz', 'Expect: 200-ok')));
  expect(answer).toMatchObject({ status: 200, text: '{"status":"ok"}' });
});

test('a client that expects 100-continue is told to send its body', async () => {
  const headers = ['Expect: 100-continue', 'Connection: close', `Content-Length: ${LENGTH}`];
  const received = await sendRaw(server.url, order(headers, BODY));
  expect(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
});

test('no hostile input is logged as an internal error', () => {
  expect(server.logged.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
});
