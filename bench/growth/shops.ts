import { loadLogKey } from '../../src/log/index.ts';
import { STOCK, issueTokens, registerBuyers, seedShop, sendEach } from '../prepare.ts';
import { send, type Shop, type SizeName } from '../scenario.ts';
import { ask } from '../sql.ts';
import { startService, type Service } from '../subjects/service.ts';
import type { KeptServer } from './kept-server.ts';

export interface ShopSize {
  /** The orders of the history. */
  readonly orders: number;
  readonly products: number;
}

/** A service on a shop of a size. */
export interface SizedShop {
  readonly name: SizeName;
  readonly databaseUrl: string;
  readonly shop: Shop;
  readonly service: Service;
}

/** The users that buy; each has bought nothing before. */
const BUYERS = 1_000;
/** The products that are bought and read: all of a small shop, spread evenly over a large one. */
const BOUGHT_MAX = 10_000;

const BOUGHT_SQL = `
  select product_id as id from (
    select product_id, row_number() over (order by product_id) as number, count(*) over () as count
    from catalog.products
  ) as p
  where number % greatest(1, count / ${BOUGHT_MAX}) = 0 limit ${BOUGHT_MAX}`;

/** The name of a size. */
export const sizeName = ({ orders, products }: ShopSize): SizeName =>
  `${orders.toLocaleString('en')} orders, ${products.toLocaleString('en')} products`;

/**
 * Starts the service on a shop of a size, which is filled unless the server has it. The auditor is
 * off: a filled shop has no proof yet, and the first one reads the whole history.
 */
export const openSizedShop = async (
  root: URL,
  server: KeptServer,
  size: ShopSize,
): Promise<SizedShop> => {
  const { directory: dataDirectory } = server;
  // The seed appends the log only with the key of the service.
  await loadLogKey({ file: undefined, dataDirectory });
  const tokens = await issueTokens(dataDirectory);
  const start = (databaseUrl: string) =>
    startService({ root, databaseUrl, dataDirectory, audits: false });
  const readBought = async (databaseUrl: string): Promise<string[]> =>
    (await ask<{ id: string }>(databaseUrl, BOUGHT_SQL)).map(({ id }) => id);

  const fill = async (databaseUrl: string): Promise<void> => {
    await seedShop({ root, databaseUrl, dataDirectory, ...size });
    const productIds = await readBought(databaseUrl);
    const { url, stop } = await start(databaseUrl);
    try {
      await registerBuyers(url, tokens.service, BUYERS);
      const body = JSON.stringify({ delta: STOCK, reason: 'bench' });
      const path = (index: number) => `/v1/products/${productIds[index]}/stock-adjustments`;
      await sendEach(url, productIds.length, (index) =>
        send('POST', path(index), tokens.service, body),
      );
    } finally {
      await stop();
    }
  };

  const name = `moa_growth_${size.orders}_${size.products}`;
  const databaseUrl = await server.open(name, fill);
  const productIds = await readBought(databaseUrl);
  const service = await start(databaseUrl);
  const shop = { url: service.url, tokens, users: BUYERS, productIds };
  return { name: sizeName(size), databaseUrl, shop, service };
};
