import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { PROBLEMS, problemSchema, type ProblemCode, type Route } from '../../src/contract/index.ts';
import { exampleOf } from '../../src/http/examples.ts';
import { problemExample } from '../../src/http/responses.ts';
import { startRealServer, type RealServer } from './real-server.ts';
import { pathOf } from './samples.ts';

/** The example of each id in the OpenAPI document, by the name of what it names. */
const NAMED_IDS = ['productId', 'orderId', 'destinationId'] as const;

const idOf = (name: string): string =>
  (
    exampleOf({ type: 'object', properties: { [name]: { type: 'string' } } }) as Record<
      string,
      string
    >
  )[name]!;

/** Creates what the examples name; the ids of the examples become those of what was created. */
const prepare = async ({ exchange, known, bearer }: RealServer) => {
  const authorization = await bearer('service', 'shop');
  const post = async (path: string, body: object, key: string): Promise<Record<string, string>> => {
    const answer = await exchange({
      method: 'POST',
      path,
      headers: { authorization, 'idempotency-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.text).toContain('createdAt');
    return JSON.parse(answer.text) as Record<string, string>;
  };
  let count = 0;
  /** A product and, for an action on an order, an order in the needed state; the cart is filled. */
  return async ({ operation }: Route): Promise<Readonly<Record<string, unknown>>> => {
    count += 1;
    const { userId } = known;
    const made = { name: 'Mug', price: 15_000, stock: 50 };
    const { productId } = await post('/v1/products', made, `product ${count}`);
    if (!operation.endsWith('Order')) return { ...known, productId };
    const wish = { userId, items: [{ productId, quantity: 2 }] };
    const kind = operation === 'refundOrder' ? '/v1/checkout' : '/v1/orders';
    const { orderId } = await post(kind, wish, `order ${count}`);
    return { ...known, productId, orderId };
  };
};

test('every request example is accepted, with an answer as documented', async () => {
  const server = await startRealServer();
  const stateFor = await prepare(server);
  // Deletions last: the other examples need what they delete.
  const routes = server.routes.toSorted(
    (a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
  );
  for (const route of routes) {
    const known = await stateFor(route);
    const real = (text: string): string =>
      NAMED_IDS.reduce((done, name) => done.replaceAll(idOf(name), String(known[name])), text);
    const params = route.params === undefined ? {} : (exampleOf(route.params) as object);
    const body = route.body === undefined ? undefined : JSON.stringify(exampleOf(route.body));
    const answer = await server.exchange({
      method: route.method,
      path: real(pathOf(route, { ...params })),
      headers: {
        ...server.headersFor(route),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: real(body) }),
    });
    const schema = route.answers[answer.status];
    expect(`${route.operation} ${answer.status} ${answer.text}`).toMatch(/^\w+ 2/);
    expect(schema).toBeDefined();
    if (answer.status === 204) continue;
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
