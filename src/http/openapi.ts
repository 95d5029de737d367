import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { PROBLEMS, strictObject, type ProblemCode, type Route } from '../contract/index.ts';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

const Problem = {
  type: 'object',
  description: 'a problem (RFC 9457); the page at `type` lists its further members',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', enum: CODES },
    traceId: { type: 'string' },
  },
};

const IDEMPOTENCY_KEY = {
  'Idempotency-Key': {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description: 'a new key for each intended effect; a retry repeats the key',
  },
};

const IF_MATCH = {
  'If-Match': {
    type: 'string',
    description:
      'entity tags (RFC 9110): the change requires that one of them is the current version',
  },
};

const ETAG = { ETag: { type: 'string', description: 'the version of the answer' } };

/** The headers of a request to the route, the key first. */
const headersOf = ({ keyed, versioned, method }: Route): object | undefined => {
  const properties = {
    ...(method === 'POST' ? IDEMPOTENCY_KEY : {}),
    ...(versioned === true && method !== 'GET' ? IF_MATCH : {}),
  };
  if (Object.keys(properties).length === 0) return undefined;
  return { type: 'object', properties, required: keyed === true ? ['Idempotency-Key'] : [] };
};

/** The body with the schema of its items, where the handler checks the items. */
const bodyOf = ({ body, item }: Route): object | undefined => {
  if (item === undefined) return undefined;
  const { properties = {} } = body as { properties?: { items?: object } };
  return { ...body, properties: { ...properties, items: { ...properties.items, items: item } } };
};

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
  ...(route.access === 'public' ? [] : (['unauthenticated', 'forbidden'] as const)),
  ...(route.keyed === true ? (['idempotency_key_missing'] as const) : []),
  ...(route.method === 'POST' ? (['idempotency_key_reused'] as const) : []),
  ...(route.body === undefined ? [] : (['payload_too_large', 'unsupported_media_type'] as const)),
  ...route.problems,
];

/** Unknown parameters are rejected in the query, as in the body. */
const NO_QUERY = strictObject({});

/** A route's schemas for validation and for the OpenAPI document. */
export const schemaOf = (route: Route): FastifySchema => {
  const problems = Map.groupBy(problemsOf(route), (code) => PROBLEMS[code].status);
  const responses = [...problems].map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
    },
  ]);
  const answers = Object.entries(route.answers).map(([status, schema]) => [
    status,
    {
      description: route.summary,
      content: {
        'application/json': { schema },
        ...Object.fromEntries(
          (route.mediaTypes ?? []).map((type) => [type, { schema: { type: 'string' } }]),
        ),
      },
      ...(route.versioned === true ? { headers: ETAG } : {}),
    },
  ]);
  return {
    operationId: route.operation,
    summary: route.summary,
    tags: [route.tag],
    ...(route.access === 'public'
      ? {}
      : { security: [{ bearer: [] }], description: `Roles: ${route.access.join(', ')}.` }),
    ...(route.params === undefined ? {} : { params: route.params }),
    querystring: route.query ?? NO_QUERY,
    ...(route.body === undefined ? {} : { body: route.body }),
    response: Object.fromEntries([...answers, ...responses]) as Record<string, unknown>,
    shownHeaders: headersOf(route),
    shownBody: bodyOf(route),
  } as FastifySchema;
};

/** The parts of an operation that only the document shows. */
interface Shown {
  readonly shownHeaders?: object | undefined;
  readonly shownBody?: object | undefined;
}

/** Creates the OpenAPI 3.1 document from the routes. */
export const describeApi = async (app: FastifyInstance, version: string): Promise<void> => {
  app.addSchema({ $id: 'Problem', ...Problem });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Moa',
        version,
        description:
          'A headless commerce back end for shops whose customers pay from a prepaid balance.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'a signed token, or an API key (`moa_…`)',
          },
        },
      },
    },
    refResolver: { buildLocalReference: ({ $id }) => $id as string },
    transform: ({ schema, url }) => {
      // For the document only: the code that reads a header or an item also validates it.
      const { shownHeaders, shownBody, ...shown } = schema as FastifySchema & Shown;
      const headers = shownHeaders && { headers: shownHeaders };
      return { url, schema: { ...shown, ...headers, ...(shownBody && { body: shownBody }) } };
    },
  });
};
