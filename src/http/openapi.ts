import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { TSchema } from 'typebox';
import {
  FILE,
  PROBLEMS,
  problemSchema,
  strictObject,
  type ProblemCode,
  type Route,
} from '../contract/index.ts';
import { acceptsEmptyBody } from './empty-body.ts';
import { createComponents } from './components.ts';
import { exampleOf } from './examples.ts';
import { problemExample, responsesOf } from './responses.ts';

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

const LAST_EVENT_ID = {
  'Last-Event-ID': { type: 'string', description: 'the id of the last event that was received' },
};

/** The headers of a request to the route, the key first. */
const headersOf = ({ keyed, versioned, streams, method }: Route): object => {
  const properties = {
    ...(streams === true ? LAST_EVENT_ID : {}),
    ...(method === 'POST' ? IDEMPOTENCY_KEY : {}),
    ...(versioned === true && method !== 'GET' ? IF_MATCH : {}),
  };
  if (Object.keys(properties).length === 0) return {};
  const required = keyed === true ? ['Idempotency-Key'] : [];
  return { headers: { type: 'object', properties, required } };
};

const NO_BODY = strictObject({});

/** The body with the schema of its items, where the handler checks the items. */
export const bodyOf = ({ body = NO_BODY, item }: Pick<Route, 'body' | 'item'>): TSchema => {
  if (item === undefined) return body;
  const { properties = {} } = body as { properties?: { items?: object } };
  return { ...body, properties: { ...properties, items: { ...properties.items, items: item } } };
};

/** Unknown parameters are rejected in the query, as in the body. */
const NO_QUERY = strictObject({});

/** A route's schemas: for validation, and (`shown`) for the OpenAPI document alone. */
export const schemaOf = (route: Route): FastifySchema => {
  const input = {
    ...(route.params === undefined ? {} : { params: route.params }),
    querystring: route.query ?? NO_QUERY,
    ...(route.body === undefined ? {} : { body: route.body }),
  };
  return { ...input, shown: () => shownSchema(route) } as FastifySchema;
};

const shownSchema = (route: Route): object => ({
  operationId: route.operation,
  summary: route.summary,
  tags: [route.tag],
  ...accessOf(route),
  ...headersOf(route),
  ...(route.params === undefined ? {} : { params: withExamples(route.params) }),
  ...(route.query === undefined ? {} : { querystring: route.query }),
  ...shownBody(route),
  response: responsesOf(route),
});

const shownBody = (route: Route): object => {
  if (route.fileTypes !== undefined) {
    const content = route.fileTypes.map((type) => [type, { schema: FILE }]);
    return { body: { content: Object.fromEntries(content) as object } };
  }
  if (route.body === undefined) return {};
  return { body: { ...bodyOf(route), examples: [exampleOf(bodyOf(route))] } };
};

/** Of people; a shop's back end has no session. */
const SESSION_OR_TOKEN = [{ bearer: [] }, { cookieAuth: [] }];

const securityOf = ({ access, identifies, restricted }: Route): object[] => {
  if (access === 'public') {
    return identifies === true || restricted !== undefined ? [{}, ...SESSION_OR_TOKEN] : [];
  }
  return access.some((role) => role !== 'service') ? SESSION_OR_TOKEN : [{ bearer: [] }];
};

const accessOf = (route: Route): object => {
  const { access, restricted, description } = route;
  const roles = access === 'public' ? undefined : `Roles: ${access.join(', ')}.`;
  const fewer =
    restricted && `Roles with \`${restricted.query}\`: ${restricted.access.join(', ')}.`;
  const shown = [roles, fewer, description].filter(Boolean).join(' ');
  return {
    security: securityOf(route),
    ...(shown === '' ? {} : { description: shown }),
  };
};

const withExamples = (params: TSchema): object => {
  const { properties = {} } = params as { readonly properties?: Readonly<Record<string, TSchema>> };
  const shown = Object.entries(properties).map(([name, schema]) => [
    name,
    { ...schema, examples: [exampleOf(schema, name)] },
  ]);
  return { ...params, properties: Object.fromEntries(shown) as object };
};

/** The schema of a public page or file of the service, for the OpenAPI document alone. */
export const schemaOfPage = (page: {
  readonly operationId: string;
  readonly summary: string;
  readonly params?: object;
  /** The contents by status and by media type. */
  readonly answers: Readonly<Record<number, Readonly<Record<string, object>>>>;
}): FastifySchema => {
  const { answers, ...rest } = page;
  const response = Object.entries(answers).map(([status, content]) => [
    status,
    { description: page.summary, content },
  ]);
  const shown = () => ({
    tags: ['Service'],
    security: [],
    ...rest,
    response: Object.fromEntries(response) as object,
  });
  return { shown } as FastifySchema;
};

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

const INFO = {
  title: 'Moa',
  description: 'A headless commerce back end for shops whose customers pay from a prepaid balance.',
  license: { name: 'MIT', identifier: 'MIT' },
};

interface Operation {
  readonly operationId: string;
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { headers?: Record<string, unknown> }>>;
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** Moves the headers of all answers into components; one name is one header everywhere. */
const shareHeaders = (operations: readonly Operation[]): object => {
  const shared: Record<string, unknown> = {};
  for (const { headers = {} } of operations.flatMap(({ responses }) => Object.values(responses))) {
    for (const [name, header] of Object.entries(headers)) {
      shared[name] ??= header;
      headers[name] = { $ref: `#/components/headers/${name}` };
    }
  }
  return shared;
};

/** Creates the OpenAPI 3.1 document from the routes. */
export const describeApi = async (app: FastifyInstance, version: string): Promise<void> => {
  const withOptionalBody = new Set<string>();
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { ...INFO, version },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'a signed token, or an API key (`moa_…`)',
          },
          cookieAuth: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-moa-session',
            description:
              'the session of somebody who signed in at `/auth`; without TLS the cookie is `moa-session`. An effect must be asked for by a page of the same origin',
          },
        },
      },
    },
    transform: ({ schema, url }) => {
      const { shown, body } = schema as FastifySchema & { shown?: () => FastifySchema };
      if (shown === undefined) return { url, schema: { hide: true } };
      const { operationId, ...rest } = shown() as FastifySchema & { readonly operationId: string };
      if (body !== undefined && acceptsEmptyBody(body as TSchema))
        withOptionalBody.add(operationId);
      return { url, schema: { operationId, ...rest } };
    },
    transformObject: (document) => {
      const { openapiObject } = document as {
        openapiObject: { paths: object; components: object };
      };
      const components = createComponents();
      const paths = components.referInSchemas(openapiObject.paths) as Paths;
      // Also the problems that no operation answers itself, as `not_found`.
      for (const code of CODES) components.refer(problemSchema(code));
      const operations = Object.values(paths).flatMap((path) => Object.values(path));
      for (const { operationId, requestBody } of operations) {
        if (withOptionalBody.has(operationId)) Object.assign(requestBody!, { required: false });
      }
      return {
        ...openapiObject,
        paths,
        components: {
          ...openapiObject.components,
          headers: shareHeaders(operations),
          examples: Object.fromEntries(
            CODES.map((code) => [code, { value: problemExample(code) }]),
          ) as object,
          schemas: components.all(),
        },
      };
    },
  });
};
