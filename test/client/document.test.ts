import { expect, test } from 'vitest';
import { readText } from '../support/repository.ts';

type Json = Readonly<Record<string, unknown>>;

interface Answer {
  readonly headers?: Json;
  readonly content?: Json;
}
interface Operation {
  readonly operationId: string;
  readonly security?: unknown;
  readonly responses: Readonly<Record<string, Answer>>;
}

const document = JSON.parse(await readText('contracts/openapi.json')) as {
  readonly info: { readonly version: string };
  readonly servers: unknown;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
const answerOf = (operation: string, status: number): Answer =>
  operations.find(({ operationId }) => operationId === operation)?.responses[status] ?? {};

/** Every object in a value. */
const objectsIn = (value: unknown): Json[] =>
  typeof value !== 'object' || value === null
    ? []
    : [value as Json, ...Object.values(value).flatMap(objectsIn)];

test('the OpenAPI document has the version of the package, and its server is the one that serves it', async () => {
  const { version } = JSON.parse(await readText('package.json')) as { version: string };
  expect(document.info.version).toBe(version);
  expect(document.servers).toEqual([{ url: '/' }]);
});

test('every operation of the OpenAPI document says whether it needs a token', () => {
  expect(operations.length).toBeGreaterThan(30);
  const [token, session] = [{ bearer: [] }, { cookieAuth: [] }];
  const access = [[], [token], [token, session], [{}, token, session]];
  for (const { security } of operations) expect(access).toContainEqual(security);
});

test('every `enum` has a type', () => {
  const enums = objectsIn(document).filter((value) => Array.isArray(value['enum']));
  expect(enums.length).toBeGreaterThan(10);
  expect(enums.filter(({ type }) => typeof type !== 'string')).toEqual([]);
});

test('an answer without content has none in the OpenAPI document', () => {
  expect(answerOf('deleteDestination', 204)).not.toHaveProperty('content');
});

test('the headers of an answer are those that are sent with it', () => {
  const namesOf = (operation: string, status: number) =>
    Object.keys(answerOf(operation, status).headers ?? {}).toSorted();
  const limits = ['RateLimit', 'RateLimit-Policy'];
  expect(namesOf('checkout', 201)).toEqual(['Idempotency-Replayed', ...limits, 'X-Request-Id']);
  expect(namesOf('checkout', 503)).toEqual([...limits, 'Retry-After', 'X-Request-Id']);
  expect(namesOf('getCart', 200)).toEqual(['ETag', ...limits, 'X-Request-Id']);
  expect(namesOf('createDestination', 201)).toEqual(['Idempotency-Replayed', 'X-Request-Id']);
  expect(namesOf('listDestinations', 200)).toEqual(['X-Request-Id']);
  expect(namesOf('createDestination', 429)).toEqual([...limits, 'Retry-After', 'X-Request-Id']);
});

test('a status has exactly the problems of its operation, told apart by `code`', () => {
  const content = answerOf('payOrder', 409).content?.['application/problem+json'] as {
    schema: { oneOf: { $ref: string }[]; discriminator: { propertyName: string; mapping: Json } };
  };
  const { oneOf, discriminator } = content.schema;
  const names = ['OrderNotPending', 'OrderExpired', 'InsufficientBalance'];
  const refs = names.map((name) => `#/components/schemas/${name}Problem`);
  expect(oneOf.map(({ $ref }) => $ref)).toEqual(refs);
  expect(discriminator.propertyName).toBe('code');
  expect(Object.values(discriminator.mapping)).toEqual(refs);
});
