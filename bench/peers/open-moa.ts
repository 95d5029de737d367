import type { DatabaseServer } from '../database.ts';
import type { LoadOrder } from '../load.ts';
import { prepareShops } from '../prepare.ts';
import type { Report } from '../report.ts';
import { checkoutSpread } from '../scenarios/checkout-spread.ts';
import { openShopService } from '../subjects/index.ts';
import { startWorker } from '../worker.ts';
import { ask } from '../sql.ts';
import type { System } from './system.ts';

/** A batch needs callers; see the scenarios of `npm run bench`. */
const CONNECTIONS = [32, 256];

const STOCK_SQL = `
  select coalesce(sum(l.quantity), 0)::float8 as ordered,
    (p.on_hand - p.reserved)::float8 as available
  from catalog.products p
  left join orders.lines l on l.product_id = p.product_id and l.status = 'paid'
  group by p.product_id`;

/** Fills a new database and starts Moa on it, as `npm run bench` does. */
export const openMoa = async (
  root: URL,
  server: DatabaseServer,
  version: string,
  products: number,
): Promise<System> => {
  const load = startWorker<LoadOrder, Report>('load.ts');
  try {
    const shops = await prepareShops(server, root, 'moa', { size: products, orders: 0 });
    const name = 'checkout-spread';
    const service = await openShopService(
      { name, scenario: checkoutSpread, server, shops, load },
      { name: 'service', isBaseline: false, root },
    );
    return {
      subject: 'service',
      version,
      requestsPerOrder: 1,
      connections: CONNECTIONS,
      also: '',
      measure: (scenario, connections, seconds) =>
        load.run({ ...service.orderOf(connections, seconds), scenario }),
      readStock: () => ask(service.databaseUrl, STOCK_SQL),
      stop: async () => {
        await load.stop();
        await service.stop();
      },
    };
  } catch (error) {
    await load.stop();
    throw error;
  }
};
