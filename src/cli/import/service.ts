import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '../command.ts';

/** A service that restarts or is overloaded is available again within this many seconds. */
const TRIES = 30;
const PAUSE_MS = 1_000;

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly productId?: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}

/** The answer for one product of a batch. */
export type Answer =
  | { readonly status: number; readonly product: object }
  | { readonly status: number; readonly problem: Problem };

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Statuses after which the same request may be sent again. */
const mayPass = (status: number): boolean => status === 429 || status >= 500;

/**
 * The calls of an import to a service. A call is repeated with its key while the service is
 * unavailable, so it takes effect once.
 */
export const createService = (url: string, token: string) => {
  let answers = 0;
  const hasAnswered = (): boolean => answers > 0;

  const send = async (method: string, path: string, body: object, key: string): Promise<Reply> => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    });
    answers += 1;
    return { status: response.status, body: await response.json() };
  };

  /**
   * Sends a request until `isDone`, at most `TRIES` times; returns the last reply. If the service has
   * never answered, its address is probably wrong, and one try is enough.
   */
  const repeat = async (
    request: readonly [method: string, path: string, body: object],
    isDone: (reply: Reply) => boolean,
  ): Promise<Reply> => {
    const key = randomUUID();
    let reply: Reply | undefined;
    for (let tries = 1; tries <= TRIES; tries++) {
      reply = await send(...request, key).catch(() => undefined);
      if (reply !== undefined && isDone(reply)) return reply;
      if (!hasAnswered()) break;
      await delay(PAUSE_MS);
    }
    if (reply === undefined) throw new CommandError(`no service answers at ${url}`);
    return reply;
  };

  const failOn = ({ status, body }: Reply): void => {
    const { title } = body as Problem;
    if (status === 401 || status === 403) throw new CommandError(`the token is refused: ${title}`);
    if (status === 413) throw new CommandError('a line is too large');
    if (status !== 200) throw new CommandError(`the service answers ${status}: ${title}`);
  };

  return {
    create: async (items: readonly object[]): Promise<readonly Answer[]> => {
      const itemsOf = ({ body }: Reply) => (body as { items: Answer[] }).items;
      const reply = await repeat(
        ['POST', '/v1/products/batch', { items }],
        (each) =>
          !mayPass(each.status) &&
          (each.status !== 200 || !itemsOf(each).some(({ status }) => mayPass(status))),
      );
      failOn(reply);
      return itemsOf(reply);
    },
    /** Changes a product; returns the problem of a refused change. */
    change: async (productId: string, fields: object): Promise<Problem | undefined> => {
      const { status, body } = await repeat(
        ['PATCH', `/v1/products/${productId}`, fields],
        (each) => !mayPass(each.status),
      );
      return status === 200 ? undefined : (body as Problem);
    },
  };
};

export type Service = ReturnType<typeof createService>;
