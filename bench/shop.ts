import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findAddress } from '../scripts/listening.ts';
import { runLoad, type LoadResult, type WireRequest } from './load.ts';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;

/** As in `npm start`: a larger young generation for the garbage of requests. */
const NODE_OPTIONS = ['--max-semi-space-size=64'];

export interface ShopSettings {
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  readonly token: string;
  /** Transactions at once, and commands in each. */
  readonly lanes: number;
  readonly batch: number;
  /** The number of users and of products. */
  readonly size: number;
}

/** A service in a separate process, with users who can pay and products with enough stock. */
export interface Shop {
  readonly url: string;
  /** A request that buys one of the n-th product for the n-th user. */
  readonly buy: (user: number, product: number) => WireRequest;
  readonly stop: () => Promise<void>;
}

const SETUP_CONNECTIONS = 64;

export const openShop = async (settings: ShopSettings): Promise<Shop> => {
  const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN], {
    env: {
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PORT: '0',
      DATABASE_URL: settings.databaseUrl,
      MOA_DATA_DIR: settings.dataDirectory,
      MOA_RATE_LIMIT: 'off',
      MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
      MOA_BALANCE_MAX: String(2 ** 52),
      MOA_LANES: String(settings.lanes),
      MOA_BATCH_MAX: String(settings.batch),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let url: string | undefined;
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    url = findAddress(output);
    if (url !== undefined) break;
  }
  if (url === undefined) throw new Error(`the service did not start: ${output}`);
  child.stdout.resume();

  const request = (method: string, path: string, body: object): WireRequest => {
    const text = JSON.stringify(body);
    return (
      `${method} ${path} HTTP/1.1\r\nhost: moa\r\nauthorization: Bearer ${settings.token}\r\n` +
      `idempotency-key: ${randomUUID()}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
    );
  };

  const sendAll = async (requests: WireRequest[]): Promise<void> => {
    const next = () => requests.pop();
    expectOnly(await runLoad({ url, connections: SETUP_CONNECTIONS, next }), [200, 201]);
  };
  const users = Array.from({ length: settings.size }, (_, index) => `user-${index}`);
  await sendAll(users.map((user) => request('PUT', `/v1/users/${user}`, {})));
  await sendAll(
    users.map((user) =>
      request('POST', `/v1/users/${user}/wallet/charges`, { amount: 1_000_000_000_000 }),
    ),
  );
  await sendAll(
    Array.from({ length: settings.size }, (_, index) =>
      request('POST', '/v1/products', {
        name: `상품 ${index}`,
        price: 1_000,
        stock: 1_000_000_000,
      }),
    ),
  );
  const productIds = await listProductIds(url);

  return {
    url,
    buy: (user, product) => {
      const productId = productIds[product % settings.size];
      const items = [{ productId, quantity: 1 }];
      return request('POST', '/v1/checkout', { userId: users[user % settings.size], items });
    },
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
};

const listProductIds = async (url: string): Promise<string[]> => {
  const ids: string[] = [];
  for (let cursor = ''; ;) {
    const response = await fetch(`${url}/v1/products?limit=100${cursor}`);
    const page = (await response.json()) as {
      items: { productId: string }[];
      nextCursor: string | null;
    };
    ids.push(...page.items.map(({ productId }) => productId));
    if (page.nextCursor === null) return ids;
    cursor = `&cursor=${page.nextCursor}`;
  }
};

/** Throws when an answer has an unexpected status, because the measurement is then useless. */
export const expectOnly = (result: LoadResult, expected: readonly number[]): LoadResult => {
  const others = [...result.statuses].filter(([status]) => !expected.includes(status));
  if (others.length > 0) throw new Error(`unexpected answers: ${JSON.stringify(others)}`);
  return result;
};
