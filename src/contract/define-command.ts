import type { Static, TSchema } from 'typebox';
import {
  clientKey,
  serverKey,
  type Answer,
  type Decision,
  type GroupCommit,
  type Happened,
  type IdempotencyKey,
  type Lock,
  type Rows,
} from '../commit/index.ts';
import type { Refusal } from './refusal.ts';
import { replyTo } from './reply.ts';
import type { Owned, Route, RouteRequest } from './route.ts';

/** The command of a request; it depends only on the request. */
interface Wanted<Event> {
  readonly locks: readonly Lock[];
  readonly decide: (rows: Rows, time: Date) => Decision<Event, Refusal>;
  readonly answer: (happened: Happened<Event>) => Answer;
}

interface CommandRoute<Event, Params extends TSchema, Body extends TSchema> extends Omit<
  Route<Params, TSchema, Body>,
  'handle' | 'query'
> {
  readonly command: (
    request: Pick<
      RouteRequest<Static<Params>, unknown, Static<Body>>,
      'params' | 'body' | 'caller'
    >,
  ) => Wanted<Event>;
}

/**
 * Makes routes that run one command and answer with its outcome. A keyed route takes effect once
 * per key. The fingerprint covers the operation, the path and the body with all defaults filled in.
 */
export const createCommandRoutes =
  <Event>(commit: Pick<GroupCommit<Event, Refusal>, 'submit'>) =>
  <E extends Event, Params extends TSchema, Body extends TSchema>(
    definition: CommandRoute<E, Params, Body> & Owned<Params, Body>,
  ): Route => {
    const { command, ...route }: CommandRoute<E, Params, Body> = definition;
    const { operation } = route;
    const defaults = defaultsOf(route.body);
    const described: Route<Params, TSchema, Body> = {
      ...route,
      handle: async (request) => {
        const body = { ...defaults, ...(request.body as object) } as typeof request.body;
        const filled = { ...request, body };
        const key = route.keyed === true ? idempotencyKeyOf(operation, filled) : serverKey();
        const wanted = command(filled);
        return replyTo(await commit.submit({ operation, key, ...wanted }));
      },
    };
    return described;
  };

/** The defaults of a body's fields. */
const defaultsOf = (body: TSchema | undefined): Readonly<Record<string, unknown>> => {
  const { properties = {} } = (body ?? {}) as {
    properties?: Record<string, { default?: unknown }>;
  };
  const fields = Object.entries(properties).filter(([, schema]) => 'default' in schema);
  return Object.fromEntries(fields.map(([name, schema]) => [name, schema.default]));
};

const idempotencyKeyOf = (
  operation: string,
  { caller, idempotencyKey, params, body }: RouteRequest<unknown, unknown, unknown>,
): IdempotencyKey => {
  if (caller === undefined || idempotencyKey === undefined) {
    throw new Error(`${operation} was called without a caller or a key`);
  }
  const request = canonical([operation, params, body]);
  return clientKey(`${caller.role} ${caller.userId}`, idempotencyKey, request);
};

/**
 * A value as canonical text: object members are sorted and strings follow their length, so equal
 * values have equal text and different values have different text.
 */
const canonical = (value: unknown): string => {
  if (typeof value === 'string') return `${value.length}:${value}`;
  if (typeof value !== 'object' || value === null) return `${String(value)};`;
  if (Array.isArray(value)) return `[${value.map(canonical).join('')}]`;
  let members = '';
  for (const name of Object.keys(value).sort()) {
    members += canonical(name) + canonical((value as Readonly<Record<string, unknown>>)[name]);
  }
  return `{${members}}`;
};
