import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExchange, type Exchange } from '../../test/support/client.ts';
import { problemIn } from '../../test/support/problem.ts';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';
import { PROBLEMS, problemPath, type Problem, type ProblemCode } from '../contract/index.ts';

let server: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  server = await startTestServer();
  exchange = createExchange(server.url);
});
afterAll(() => server.close());

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

const read = (path: string, headers: Record<string, string> = {}) =>
  exchange({ method: 'GET', path, headers });

test('the type of every problem is the URL of a page that explains it', async () => {
  for (const code of CODES) {
    const { status, headers, text } = await read(problemPath(code));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(text).toContain(`${PROBLEMS[code].status} · <code>${code}</code>`);
    const { members = {} }: Problem = PROBLEMS[code];
    for (const name of Object.keys(members)) {
      expect(text).toContain(`<code>${name}</code>`);
    }
  }
});

test('the index links to exactly the existing problems', async () => {
  const { text } = await read('/problems');
  const linked = [...text.matchAll(/href="([^"]+)"/g)].map(([, path]) => String(path));
  expect(linked.toSorted()).toEqual(CODES.map(problemPath).toSorted());
});

test('the OpenAPI document names exactly the existing problems', async () => {
  const { text } = await read('/openapi.json');
  const document = JSON.parse(text) as {
    components: { schemas: Record<string, { properties?: { code?: { enum?: string[] } } }> };
  };
  const codes = Object.entries(document.components.schemas).flatMap(([name, { properties }]) =>
    name.endsWith('Problem') ? (properties?.code?.enum ?? []) : [],
  );
  expect(codes.toSorted()).toEqual(CODES.toSorted());
});

test('a program can read a problem page as JSON', async () => {
  for (const accept of [
    'application/json',
    'Application/JSON',
    'application/problem+json, application/json',
    'text/html;q=0.5, application/json',
  ]) {
    const { headers, text } = await read('/problems/overloaded', { accept });
    expect([accept, JSON.parse(text)]).toEqual([
      accept,
      { code: 'overloaded', ...PROBLEMS.overloaded },
    ]);
    expect(headers['vary']).toContain('accept');
  }
  for (const accept of [
    '*/*',
    'text/html, application/json',
    'application/json;q=0',
    'image/png',
  ]) {
    const { headers } = await read('/problems/overloaded', { accept });
    expect([accept, headers['content-type']]).toEqual([accept, 'text/html; charset=utf-8']);
  }
});

test('an unknown problem page is itself a problem', async () => {
  for (const name of ['nothing', 'not_found', 'constructor', '__proto__', 'toString', '<b>']) {
    const path = `/problems/${encodeURIComponent(name)}`;
    expect(problemIn(await read(path), path)).toBe('problem_not_found');
  }
});
