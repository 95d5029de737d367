import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExchange, type Exchange } from '../../test/support/client.ts';
import { fakeRoutes, startTestServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  server = await startTestServer();
  exchange = createExchange(server.url);
});
afterAll(() => server.close());

const read = (path: string) => exchange({ method: 'GET', path });

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { name: string; in: string; required: boolean }[];
  readonly responses: Readonly<Record<string, { content: object }>>;
}

test('the OpenAPI document describes every served operation', async () => {
  const { text } = await read('/openapi.json');
  const document = JSON.parse(text) as {
    openapi: string;
    info: { version: string };
    paths: Record<string, Record<string, Operation>>;
  };
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  for (const route of fakeRoutes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]?.[route.method.toLowerCase()];
    expect(operation?.operationId).toBe(route.operation);
    const access = [{ bearer: [] }, { cookieAuth: [] }];
    expect(operation?.security).toEqual(route.access === 'public' ? [] : access);
    const key = operation?.parameters?.find(({ name }) => name === 'Idempotency-Key');
    expect(key !== undefined).toBe(route.method === 'POST');
    expect(key?.required ?? false).toBe(route.keyed ?? false);
    for (const status of ['400', '429', '500', '503']) {
      expect(operation?.responses[status]?.content).toHaveProperty(['application/problem+json']);
    }
  }
});
