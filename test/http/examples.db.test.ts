import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import {
  PROBLEMS,
  problemSchema,
  type ProblemCode,
  type Role,
  type Route,
} from '../../src/contract/index.ts';
import { exampleOf } from '../../src/http/examples.ts';
import { bodyOf } from '../../src/http/openapi.ts';
import { problemExample } from '../../src/http/responses.ts';
import { problemIn } from '../support/problem.ts';
import { PIXEL } from '../support/picture.ts';
import { startRealServer, type RealServer } from './real-server.ts';
import { pathOf } from './samples.ts';

/** The example of each id in the OpenAPI document, by the name of what it names. */
const NAMED_IDS = ['productId', 'orderId', 'destinationId', 'apiKeyId', 'imageId'] as const;

const idOf = (name: string): string =>
  (
    exampleOf({ type: 'object', properties: { [name]: { type: 'string' } } }) as Record<
      string,
      string
    >
  )[name]!;

/** Creates what the examples name; the ids of the examples become those of what was created. */
const prepare = async ({ exchange, known, bearer }: RealServer) => {
  const post = async (
    path: string,
    body: object,
    key: string,
    role: Role = 'service',
  ): Promise<Record<string, string>> => {
    const authorization = await bearer(role, 'shop');
    const answer = await exchange({
      method: 'POST',
      path,
      headers: { authorization, 'idempotency-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.text).toContain('createdAt');
    return JSON.parse(answer.text) as Record<string, string>;
  };
  const named = { name: 'Key', role: 'service' };
  const { apiKeyId } = await post('/v1/api-keys', named, 'key', 'staff');
  let count = 0;
  /** A product and, for an action on an order, an order in the needed state; the cart is filled. */
  return async ({ operation }: Route): Promise<Readonly<Record<string, unknown>>> => {
    count += 1;
    const { userId } = known;
    const made = { name: 'Mug', price: 15_000, stock: 50 };
    const { productId } = await post('/v1/products', made, `product ${count}`);
    if (!operation.endsWith('Order')) return { ...known, apiKeyId, productId };
    const orderRequest = { userId, items: [{ productId, quantity: 2 }] };
    const kind = operation === 'refundOrder' ? '/v1/checkout' : '/v1/orders';
    const { orderId } = await post(kind, orderRequest, `order ${count}`);
    return { ...known, apiKeyId, productId, orderId };
  };
};

/** The required part of the example of a query. */
const queryOf = ({ query, operation }: Route): string => {
  if (query === undefined) return '';
  // Its query has one of two fields. The receipt, an earlier example, has made a leaf.
  if (operation === 'getInclusionProof') return '?leaf=0';
  const { required = [] } = query as { readonly required?: readonly string[] };
  const example = exampleOf(query) as Record<string, string>;
  const values = required.map((name) => [name, example[name]] as [string, string]);
  return values.length === 0 ? '' : `?${new URLSearchParams(values).toString()}`;
};

/** No test destination has a dead letter. */
const NAMES_DEAD_LETTER = new Set(['resendDeadLetter', 'deleteDeadLetter']);

test('every request example is accepted, with an answer as documented', async () => {
  const server = await startRealServer();
  const stateFor = await prepare(server);
  // Deletions last: the other examples need what they delete.
  const depthOf = ({ method, path }: Route) =>
    method === 'DELETE' ? -path.split('/').length : -99;
  // A stream has no end; its own tests open it.
  const routes = server.routes
    .filter(({ streams }) => streams !== true)
    .toSorted((a, b) => depthOf(a) - depthOf(b));
  for (const route of routes) {
    const known = await stateFor(route);
    const real = (text: string): string =>
      NAMED_IDS.reduce((done, name) => done.replaceAll(idOf(name), String(known[name])), text);
    const params = route.params === undefined ? {} : (exampleOf(route.params) as object);
    const [fileType] = route.fileTypes ?? [];
    const body = route.body === undefined ? undefined : JSON.stringify(exampleOf(bodyOf(route)));
    const sent =
      fileType === undefined
        ? { type: 'application/json', body: body && real(body) }
        : { type: fileType, body: PIXEL };
    const answer = await server.exchange({
      method: route.method,
      path: real(pathOf(route, { ...params })) + queryOf(route),
      headers: {
        ...server.headersFor(route),
        ...(sent.body === undefined ? {} : { 'content-type': sent.type }),
      },
      ...(sent.body === undefined ? {} : { body: sent.body }),
    });
    if (NAMES_DEAD_LETTER.has(route.operation)) {
      expect(problemIn(answer)).toBe('dead_letter_not_found');
      continue;
    }
    // The log of so few events has none of the tiles.
    if (route.path.startsWith('/v1/log/tile/')) {
      expect(problemIn(answer)).toBe('tile_not_found');
      continue;
    }
    const schema = route.answers[answer.status];
    expect(`${route.operation} ${answer.status} ${answer.text}`).toMatch(/^\w+ 2/);
    expect(schema).toBeDefined();
    if (answer.status === 204) continue;
    if (route.answerType !== undefined) {
      expect(String(answer.headers['content-type']).split(';')[0]).toBe(route.answerType);
      continue;
    }
    const errors = Value.Errors(schema!, JSON.parse(answer.text));
    expect([route.operation, errors]).toEqual([route.operation, []]);
  }
});

test('every example of an answer or a problem is valid', async () => {
  const { routes } = await startRealServer();
  for (const { operation, answers } of routes) {
    for (const [status, schema] of Object.entries(answers)) {
      const errors = Value.Errors(schema, exampleOf(schema));
      expect([operation, status, errors]).toEqual([operation, status, []]);
    }
  }
  for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
    const errors = Value.Errors(problemSchema(code), problemExample(code));
    expect([code, errors]).toEqual([code, []]);
  }
});
