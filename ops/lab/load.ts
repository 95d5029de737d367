import { setTimeout as delay } from 'node:timers/promises';
import { v7 } from 'uuid';

/** Buyers who order without a pause until the load is stopped. */
export interface Load {
  /** When each order was answered as paid, by `performance.now()`, and its order's id. */
  readonly paid: readonly Paid[];
  /** Stops new orders; resolves when every sent order has been answered as paid. */
  readonly stop: () => Promise<void>;
}

export interface Paid {
  readonly key: string;
  readonly body: object;
  readonly orderId: string;
  readonly text: string;
  readonly at: number;
}

export interface Shop {
  readonly token: string;
  readonly users: readonly string[];
  readonly products: readonly string[];
  /** Where the service processes listen now. */
  readonly urls: () => readonly string[];
}

const BUYERS = 64;
const USERS = 200;
const PRODUCTS = 50;
const BALANCE = 1_000_000_000;
const STOCK = 1_000_000_000;
const PRICE = 10;
/** The pause before a key is sent again, as a client would make. */
const AGAIN_MS = 50;
/** Longer than the service lets a caller wait (`MOA_ANSWER_SECONDS`). */
const ANSWER_MAX_MS = 10_000;
/** An order must be paid within this time of its first attempt, whatever happens. */
const GIVE_UP_MS = 180_000;

export const call = async (
  url: string,
  token: string,
  { method, path, body, key }: { method: string; path: string; body?: object; key?: string },
) =>
  fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MAX_MS),
  });

/** Creates users with a balance and products with stock. */
export const openShop = async (urls: Shop['urls'], token: string): Promise<Shop> => {
  const [url = ''] = urls();
  const send = async (method: string, path: string, body: object): Promise<unknown> => {
    const answer = await call(url, token, { method, path, body, key: v7() });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  };
  const users = Array.from({ length: USERS }, (_, index) => `buyer-${index}`);
  for (const userId of users) {
    await send('PUT', `/v1/users/${userId}`, {});
    await send('POST', `/v1/users/${userId}/wallet/charges`, { amount: BALANCE });
  }
  const products: string[] = [];
  for (let index = 0; index < PRODUCTS; index += 1) {
    const product = { name: `Product ${index}`, price: PRICE, stock: STOCK };
    products.push(
      ((await send('POST', '/v1/products', product)) as { productId: string }).productId,
    );
  }
  return { token, users, products, urls };
};

/**
 * Starts buyers. An order without an answer, or with one that says to try again, is sent again with
 * its key, each time to the next process, until it is paid.
 */
export const startLoad = ({ token, users, products, urls }: Shop): Load => {
  const paid: Paid[] = [];
  const stopping = new AbortController();
  let count = 0;

  const attempt = async (number: number, key: string, body: object): Promise<Paid | undefined> => {
    const places = urls();
    const url = places[number % places.length];
    if (url === undefined) return undefined;
    try {
      const answer = await call(url, token, { method: 'POST', path: '/v1/checkout', body, key });
      const text = await answer.text();
      if (answer.status === 201) {
        const { orderId } = JSON.parse(text) as { orderId: string };
        return { key, body, orderId, text, at: performance.now() };
      }
      if (answer.status < 500) throw new Error(`an order was refused: ${answer.status} ${text}`);
      return undefined;
    } catch (error) {
      // No answer: refused, reset or late.
      if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return undefined;
      throw error;
    }
  };

  const buy = async (): Promise<void> => {
    const number = count++;
    const key = v7();
    const items = [{ productId: products[number % products.length], quantity: 1 }];
    const body = { userId: users[(number * 7) % users.length], items };
    const deadline = performance.now() + GIVE_UP_MS;
    for (let attempts = 0; performance.now() < deadline; attempts += 1) {
      const answered = await attempt(number + attempts, key, body);
      if (answered !== undefined) {
        paid.push(answered);
        return;
      }
      await delay(AGAIN_MS);
    }
    throw new Error(`the order with the key ${key} was not paid within ${GIVE_UP_MS} ms`);
  };
  const buyer = async (): Promise<void> => {
    while (!stopping.signal.aborted) await buy();
  };
  const ended = Promise.all(Array.from({ length: BUYERS }, buyer));
  ended.catch(() => undefined);
  return {
    paid,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
};
