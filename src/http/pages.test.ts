import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExchange, type Exchange } from '../../test/support/client.ts';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  server = await startTestServer();
  exchange = createExchange(server.url);
});
afterAll(() => server.close());

const read = (path: string) => exchange({ method: 'GET', path });

test('answers of operations have the header nosniff', async () => {
  const { headers } = await read('/v1/outcomes/replayed');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers['server']).toBeUndefined();
});

test('pages have the security headers for browsers', async () => {
  for (const path of ['/docs', '/problems', '/problems/not-found']) {
    const { status, headers } = await read(path);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    // A shop in a private network may have no TLS to upgrade to.
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['strict-transport-security']).toBeUndefined();
  }
});

test('the documentation page needs no exception from its policy', async () => {
  const { headers } = await read('/docs');
  const policy = String(headers['content-security-policy']);
  // By default, styles and scripts come from the service's own files alone.
  expect(policy).not.toMatch(/unsafe|style-src|script-src|https?:/);
  const { text } = await read('/docs');
  expect(text).not.toMatch(/<style|<script>|style=/);
  // The bar of the standalone layout renders an inline style.
  const { text: settings } = await read('/docs/static/swagger-initializer.js');
  expect(settings).toMatch(/"layout":\s*"BaseLayout"/);
});

test('the documentation page loads no external resources', async () => {
  const { text } = await read('/docs');
  const assets = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => String(path));
  expect(assets.length).toBeGreaterThan(2);
  for (const asset of assets) {
    const { pathname } = new URL(asset, `${server.url}/docs`);
    expect(await read(pathname)).toMatchObject({ status: 200 });
  }
});
