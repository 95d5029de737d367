import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { issueToken, loadSigningKey } from '../src/identity/index.ts';
import { nameOf, type DatabaseServer } from './database.ts';
import type { Shop } from './scenario.ts';
import { get, send } from './scenario.ts';
import { startService } from './subjects/service.ts';
import { sendAll, type WireRequest } from './wire.ts';
import { NODE_OPTIONS } from './worker.ts';

/** The shops of a run, each on a new copy of a prepared database. */
export interface Shops {
  /** Creates a database of a shop and returns what the load needs, without the address. */
  readonly open: (history: boolean) => Promise<{ databaseUrl: string; shop: Omit<Shop, 'url'> }>;
}

export interface ShopSize {
  /** The number of users and of products. */
  readonly size: number;
  /** The number of orders of a history. */
  readonly orders: number;
}

const BALANCE = 1_000_000_000_000;
/** Units of each product. */
export const STOCK = 1_000_000_000;
const PAGE = 100;
const DAY_SECONDS = 86_400;

/** Prepares the databases of a revision, each when a scenario first needs it. */
export const prepareShops = async (
  server: DatabaseServer,
  root: URL,
  label: string,
  { size, orders }: ShopSize,
): Promise<Shops> => {
  const tokens = await issueTokens(server.directory);
  let copies = 0;

  const withService = async <Result>(
    databaseUrl: string,
    use: (url: string) => Promise<Result>,
  ): Promise<Result> => {
    const settings = { root, databaseUrl, dataDirectory: server.directory };
    const service = await startService(settings);
    try {
      return await use(service.url);
    } finally {
      await service.stop();
    }
  };

  const prepare = async (history: boolean) => {
    const databaseUrl = await server.create(`${label}${history ? '_history' : ''}`);
    if (history) {
      const { directory: dataDirectory } = server;
      await seedShop({ root, databaseUrl, dataDirectory, orders, products: size });
    }
    const productIds = await withService(databaseUrl, async (url) => {
      if (!history) await fill(url, tokens.service, size);
      return listProductIds(url);
    });
    return { name: nameOf(databaseUrl), shop: { tokens, users: size, productIds } };
  };

  const prepared = new Map<boolean, ReturnType<typeof prepare>>();
  return {
    open: async (history) => {
      const preparing = prepared.get(history) ?? prepare(history);
      prepared.set(history, preparing);
      const { name, shop } = await preparing;
      return { databaseUrl: await server.create(`${label}_${++copies}`, name), shop };
    },
  };
};

/** Tokens that the services of a folder's signing key accept. */
export const issueTokens = async (directory: string): Promise<Shop['tokens']> => {
  const key = await loadSigningKey(directory);
  const issue = (role: 'service' | 'staff'): Promise<string> =>
    issueToken(key, { role, userId: 'bench', expiresInSeconds: DAY_SECONDS });
  return { service: await issue('service'), staff: await issue('staff') };
};

/** Registers users who can pay, and creates products with enough stock. */
const fill = async (url: string, token: string, size: number): Promise<void> => {
  await registerBuyers(url, token, size);
  const product = (index: number) =>
    JSON.stringify({ name: `Product ${index}`, price: 1_000, stock: STOCK });
  await sendEach(url, size, (index) => send('POST', '/v1/products', token, product(index)));
};

/** Registers the users that operations use, each with a balance that no run spends. */
export const registerBuyers = async (url: string, token: string, users: number): Promise<void> => {
  const charge = JSON.stringify({ amount: BALANCE });
  await sendEach(url, users, (index) => send('PUT', `/v1/users/user-${index}`, token, '{}'));
  await sendEach(url, users, (index) =>
    send('POST', `/v1/users/user-${index}/wallet/charges`, token, charge),
  );
};

/** Sends requests that create something; throws when one is refused. */
export const sendEach = async (
  url: string,
  count: number,
  requestOf: (index: number) => WireRequest,
): Promise<void> => {
  const answers = await sendAll(
    url,
    Array.from({ length: count }, (_, index) => requestOf(index)),
  );
  const refused = answers.find(({ status }) => status !== 201);
  if (refused) throw new Error(`the shop is not filled: ${JSON.stringify(refused)}`);
};

const listProductIds = async (url: string): Promise<string[]> => {
  const ids: string[] = [];
  for (let cursor = ''; ;) {
    const [answer] = await sendAll(url, [get(`/v1/products?limit=${PAGE}${cursor}`)]);
    const page = JSON.parse(answer?.body ?? '') as {
      items: { productId: string }[];
      nextCursor: string | null;
    };
    ids.push(...page.items.map(({ productId }) => productId));
    if (page.nextCursor === null) return ids;
    cursor = `&cursor=${page.nextCursor}`;
  }
};

interface SeedOrder {
  readonly root: URL;
  readonly databaseUrl: string;
  /** The folder of the log's key. */
  readonly dataDirectory: string;
  readonly orders: number;
  readonly products: number;
}

/** Fills an empty database with `npm run seed`. */
export const seedShop = async (order: SeedOrder): Promise<void> => {
  const { root, databaseUrl, dataDirectory, orders, products } = order;
  const program = new URL('src/cli/seed.ts', root).pathname;
  const options = ['--orders', String(orders), '--products', String(products)];
  const child = spawn(process.execPath, [...NODE_OPTIONS, program, ...options], {
    env: { ...process.env, DATABASE_URL: databaseUrl, MOA_DATA_DIR: dataDirectory },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`seed ended with ${String(code)}`);
};
