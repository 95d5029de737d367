import type { Caller, Reply, Route } from '../../src/contract/index.ts';
import { newId } from '../../src/database/ids.ts';
import { described } from './described.ts';

const SHOP: Caller = { role: 'service', userId: 'shop' };

interface Call {
  readonly params?: object;
  readonly query?: object;
  readonly body?: object;
  readonly key?: string;
  readonly caller?: Caller;
  readonly mediaType?: string;
}

/** Calls operations by name, without HTTP. */
export const createOperations =
  (routes: readonly Route[]) =>
  async (operation: string, call: Call = {}): Promise<Reply> => {
    const route = routes.find((each) => each.operation === operation);
    if (route === undefined) throw new Error(`unknown operation ${operation}`);
    const { params = {}, query = {}, body = {}, key = newId(), caller = SHOP, mediaType } = call;
    const reply = await route.handle({
      params,
      query,
      body,
      caller,
      idempotencyKey: key,
      ifMatch: undefined,
      mediaType,
    });
    return described(reply);
  };

/** The body of an answer; throws for a problem. */
export const bodyOf = (reply: Reply): Record<string, unknown> => {
  if (reply.kind !== 'answer') throw new Error(`refused: ${reply.code}`);
  const { body } = reply;
  return (typeof body === 'string' ? JSON.parse(body) : body) as Record<string, unknown>;
};
