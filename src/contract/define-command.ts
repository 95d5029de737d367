import type { Static, TSchema } from 'typebox';
import { serverKey, type Command, type GroupCommit } from '../commit/index.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import type { Refusal } from './refusal.ts';
import { replyTo } from './reply.ts';
import type { Owned, Route, RouteRequest } from './route.ts';

/** The command of a request, without the key; it depends only on the request. */
type RequestCommand<Event> = Required<Pick<Command<Event, Refusal>, 'locks' | 'decide' | 'answer'>>;

interface CommandRoute<Event, Params extends TSchema, Body extends TSchema> extends Omit<
  Route<Params, TSchema, Body>,
  'handle' | 'query'
> {
  readonly command: (
    request: Pick<
      RouteRequest<Static<Params>, unknown, Static<Body>>,
      'params' | 'body' | 'caller'
    >,
  ) => RequestCommand<Event>;
}

/**
 * Makes routes that run one command and answer with its outcome. A command takes effect once per
 * key. The fingerprint covers the operation, the path and the body with all defaults filled in.
 */
export const createCommandRoutes =
  <Event>(commit: Pick<GroupCommit<Event, Refusal>, 'submit' | 'isFull'>) =>
  <E extends Event, Params extends TSchema, Body extends TSchema>(
    definition: CommandRoute<E, Params, Body> & Owned<Params, Body>,
  ): Route => {
    const { command, ...route }: CommandRoute<E, Params, Body> = definition;
    const { operation } = route;
    const defaults = defaultsOf(route.body);
    const described: Route<Params, TSchema, Body> = {
      ...route,
      isFull: commit.isFull,
      handle: async (request) => {
        const body = { ...defaults, ...(request.body as object) } as typeof request.body;
        const filled = { ...request, body };
        const clientKey = idempotencyKeyOf(operation, filled);
        if (route.keyed === true && clientKey === undefined) {
          throw new Error(`${operation} was called without a key`);
        }
        const key = clientKey ?? serverKey();
        return replyTo(await commit.submit({ operation, key, ...command(filled) }));
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
