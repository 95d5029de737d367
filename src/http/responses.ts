import type { TSchema } from 'typebox';
import {
  PROBLEMS,
  problemSchema,
  type ProblemCode,
  type Role,
  type Route,
} from '../contract/index.ts';
import { refTo } from './components.ts';
import { exampleOf } from './examples.ts';

/** Problems of every operation. */
const COMMON: readonly ProblemCode[] = [
  'invalid_request',
  'rate_limited',
  'internal_error',
  'overloaded',
  'unavailable',
];

const problemsOf = (route: Route): ProblemCode[] => [
  ...COMMON,
  ...(route.access === 'public' && route.restricted === undefined
    ? []
    : (['unauthenticated', 'forbidden'] as const)),
  ...(route.keyed === true ? (['idempotency_key_missing'] as const) : []),
  ...(route.method === 'POST' ? (['idempotency_key_reused'] as const) : []),
  ...(route.body === undefined && route.fileTypes === undefined
    ? []
    : (['payload_too_large', 'unsupported_media_type'] as const)),
  ...route.problems,
];

const header = (description: string, example: string | number) => ({
  type: typeof example === 'number' ? 'integer' : 'string',
  description,
  examples: [example],
});

const REQUEST_ID = {
  'X-Request-Id': header("the request's id; `traceId` in a problem", 'req-1a2b3c'),
};
const RETRY_AFTER = { 'Retry-After': header('the seconds until a retry may succeed', 1) };
const ETAG = { ETag: header('the version of the answer', '"3"') };
const REPLAYED = {
  'Idempotency-Replayed': header('`true` if this answer was given to an earlier request', 'true'),
};
/** draft-ietf-httpapi-ratelimit-headers-10; staff and services have no limit. */
const RATE_LIMIT = {
  RateLimit: header('the requests left and the seconds until more', '"customer";r=1199;t=60'),
  'RateLimit-Policy': header(
    'the limit and its seconds, or what is counted',
    '"customer";q=1200;w=60',
  ),
};

const RETRY_STATUSES: ReadonlySet<number> = new Set([429, 503]);
/** The statuses of callers without a limited role. */
const LIMITED_STATUSES: ReadonlySet<number> = new Set([401, 403, 429]);

const isLimited = (access: 'public' | readonly Role[], status: number): boolean =>
  access === 'public' || access.includes('customer') || LIMITED_STATUSES.has(status);

const headersOf = (route: Route, status: number): object => ({
  ...REQUEST_ID,
  ...(isLimited(route.access, status) ? RATE_LIMIT : {}),
  ...(RETRY_STATUSES.has(status) ? RETRY_AFTER : {}),
  ...(status < 300 && route.method === 'POST' ? REPLAYED : {}),
  ...(status < 300 && (route.versioned === true || route.answerType !== undefined) ? ETAG : {}),
});

const NO_CONTENT = 204;

const contentOf = (route: Route, schema: TSchema): object => {
  const { mediaTypes = [], answerType, streams } = route;
  if (answerType !== undefined) return { [answerType]: { schema } };
  const type = streams === true ? 'text/event-stream' : 'application/json';
  return {
    [type]: { schema, example: exampleOf(schema) },
    ...Object.fromEntries(mediaTypes.map((each) => [each, { schema: { type: 'string' } }])),
  };
};

const answer = (route: Route, status: number, schema: TSchema): object => ({
  description: route.summary,
  headers: headersOf(route, status),
  ...(status === NO_CONTENT ? { type: 'null' } : { content: contentOf(route, schema) }),
});

/** Exactly one of some problems, which `code` tells apart (OpenAPI 3.1 §4.8.25). */
const oneProblemOf = (codes: readonly ProblemCode[]): object => {
  const schemas = codes.map(problemSchema);
  if (schemas.length === 1) return schemas[0]!;
  const mapping = Object.fromEntries(
    codes.map((code, index) => [code, refTo((schemas[index] as { title: string }).title)]),
  );
  return { oneOf: schemas, discriminator: { propertyName: 'code', mapping } };
};

/** An example of a problem. */
export const problemExample = (code: ProblemCode): object => ({
  ...(exampleOf(problemSchema(code)) as object),
  title: PROBLEMS[code].title,
  detail: PROBLEMS[code].detail,
  instance: '/v1/checkout',
});

const refusal = (route: Route, status: number, codes: readonly ProblemCode[]): object => ({
  description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('\n\n'),
  headers: headersOf(route, status),
  content: {
    'application/problem+json': {
      schema: oneProblemOf(codes),
      examples: Object.fromEntries(
        codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
      ),
    },
  },
});

/** The answers and the problems of a route by status, each with its headers and examples. */
export const responsesOf = (route: Route): object => {
  const answers = Object.entries(route.answers).map(
    ([status, schema]) => [status, answer(route, Number(status), schema)] as const,
  );
  const problems = Map.groupBy(new Set(problemsOf(route)), (code) => PROBLEMS[code].status);
  const refusals = [...problems].map(
    ([status, codes]) => [status, refusal(route, status, codes)] as const,
  );
  return Object.fromEntries([...answers, ...refusals]);
};
