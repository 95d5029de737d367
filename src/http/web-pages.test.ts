import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExchange, type Exchange } from '../../test/support/client.ts';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';

const HTML = '<!doctype html><script nonce="CSP_NONCE"></script><style nonce="CSP_NONCE"></style>';
const SCRIPT = `export const answer = '${'moa'.repeat(500)}';`;
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let folder: string;
let server: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moa-pages-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), HTML);
  await writeFile(join(folder, 'assets/page-Ab1_-9xZ.js'), SCRIPT);
  await writeFile(join(folder, 'assets/page-Ab1_-9xZ.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'assets/moa.svg'), '<svg/>');
  server = await startTestServer({ webFolder: folder });
  exchange = createExchange(server.url);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const read = (path: string, headers: Readonly<Record<string, string>> = BROWSER) =>
  exchange({ method: 'GET', path, headers });

test('every address of a page has the page, with a nonce that its policy allows', async () => {
  const nonces = new Set<string>();
  for (const path of [
    '/',
    '/cart',
    '/orders/x',
    '/products/x?y=z',
    '/console',
    '/console/orders',
  ]) {
    const { status, headers, text } = await read(path);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-cache');
    const [, nonce = ''] = /nonce="([^"]+)"/.exec(text) ?? [];
    expect(text).toBe(HTML.replaceAll('CSP_NONCE', nonce));
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).not.toContain('unsafe');
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(6);
});

test('a person at an unknown address gets the page with 404, a program a problem', async () => {
  const person = await read('/nothing/here');
  expect(person.status).toBe(404);
  expect(person.headers['content-type']).toMatch(/^text\/html/);
  for (const [path, accept] of [
    ['/nothing/here', 'application/json'],
    ['/nothing/here', '*/*'],
    ['/v1/nothing', BROWSER.accept],
  ] as const) {
    const program = await read(path, { accept });
    expect(program.status).toBe(404);
    expect(JSON.parse(program.text)).toMatchObject({ code: 'not_found' });
  }
});

test('files with a hash in their names are kept for ever, others are validated', async () => {
  const script = await read('/assets/page-Ab1_-9xZ.js', { 'accept-encoding': 'br' });
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(script.headers['content-encoding']).toBe('br');
  expect(script.headers['x-content-type-options']).toBe('nosniff');
  const picture = await read('/assets/moa.svg', {});
  expect(picture.headers['cache-control']).toBe('no-cache');
  expect(picture.headers['content-encoding']).toBeUndefined();
});

test('no path leads out of the folder of files', async () => {
  for (const path of [
    '/assets/../index.html',
    '/assets/%2e%2e/index.html',
    '/assets/..%2findex.html',
  ]) {
    const { status } = await read(path, {});
    expect(status).toBeGreaterThanOrEqual(400);
  }
});

test('without built pages, the service says so and serves the API', async () => {
  const without = await startTestServer({ webFolder: join(folder, 'missing') });
  try {
    const read404 = await createExchange(without.url)({ method: 'GET', path: '/' });
    expect(read404.status).toBe(404);
    const docs = await createExchange(without.url)({ method: 'GET', path: '/docs' });
    expect(docs.status).toBe(200);
  } finally {
    await without.close();
  }
});
