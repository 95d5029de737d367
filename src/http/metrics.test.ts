import { expect, onTestFinished, test } from 'vitest';
import { createExchange } from '../../test/support/client.ts';
import { startTestServer } from '../../test/support/http-server.ts';
import { waitUntil } from '../../test/support/wait.ts';

test('metrics count every answer by operation and status', async () => {
  const own = await startTestServer();
  onTestFinished(own.close);
  const send = createExchange(own.url);
  const get = (path: string) => send({ method: 'GET', path });
  for (const path of ['replayed', 'replayed', 'refused', 'crash'])
    await get(`/v1/outcomes/${path}`);
  await get('/v1/users/alice/wallet');
  await get('/v1/nothing/a-secret-id');
  for (const path of ['/healthz', '/docs', '/openapi.json', '/problems']) await get(path);
  await send({ method: 'PUT', path: '/v1/outcomes/replayed' });
  const { headers, text } = await get('/metrics');
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  for (const line of [
    'moa_http_requests_total{operation="getOutcome",status="201"} 2',
    'moa_http_requests_total{operation="getOutcome",status="409"} 1',
    'moa_http_requests_total{operation="getOutcome",status="500"} 1',
    'moa_http_requests_total{operation="getWallet",status="401"} 1',
    'moa_http_requests_total{operation="unmatched",status="404"} 1',
    'moa_http_requests_total{operation="unmatched",status="405"} 1',
    'moa_http_requests_total{operation="getHealth",status="200"} 1',
    'moa_http_requests_total{operation="listProblems",status="200"} 1',
    'moa_http_requests_total{operation="pages",status="200"} 2',
    'moa_http_request_seconds_count{operation="getOutcome"} 4',
  ]) {
    expect(text).toContain(line);
  }
  // A path as a label would create a series for each id.
  expect(text).not.toContain('a-secret-id');
  expect(text).not.toContain('operation="none"');
});

test('requests for metrics share the collection that runs, and a later one gets its own', async () => {
  const collections: PromiseWithResolvers<string>[] = [];
  const readMetrics = () => {
    const collection = Promise.withResolvers<string>();
    collections.push(collection);
    return collection.promise;
  };
  const own = await startTestServer({ readMetrics });
  onTestFinished(own.close);
  onTestFinished(() => collections.forEach(({ resolve }) => resolve('')));
  let arrived = 0;
  own.app.server.on('request', () => (arrived += 1));
  const ask = (count: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, async () => (await fetch(`${own.url}/metrics`)).text()),
    );
  const many = ask(50);
  await waitUntil(() => arrived === 50, 'all requests');
  expect(collections.length).toBe(1);
  collections[0]?.resolve('first');
  expect(new Set(await many)).toEqual(new Set(['first']));
  const later = ask(1);
  await waitUntil(() => collections.length === 2, 'another collection');
  collections[1]?.reject(new Error('no answer'));
  await later;
  const last = ask(1);
  await waitUntil(() => collections.length === 3, 'a collection after the failed one');
  collections[2]?.resolve('last');
  expect(await last).toEqual(['last']);
});
