import { parseArgs } from 'node:util';
import { UsageError } from '../../src/cli/command.ts';
import { positive, whole } from '../options.ts';
import type { Pace } from '../run.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import type { ShopSize } from './shops.ts';

export const USAGE = `Measures the service by turns on shops of different sizes.

  npm run bench:growth
  npm run bench:growth -- --orders 1000,10000000 checkout-spread
  npm run bench:growth -- --orders 1000 --products 100,10000,1000000

  --orders    the past orders of the shops (1000,100000,1000000)
  --products  their products (10000)
  --seconds   the duration of a measurement (4)
  --rounds    the number of rounds; the figures are medians (5)
  --results   the folder for a page, a chart and JSON; bench/results without options, else none
  --cache     the folder that keeps the shops (node_modules/.cache/growth)

Each number of orders is measured with each number of products. A shop is filled once, by the seed,
and kept: a million orders take minutes and 3 GB, ten million an hour and 30 GB. The databases are
on a PostgreSQL in the cache, or on the server of DATABASE_URL, whose user may create databases.
`;

/** What a growing shop could slow down. */
const MEASURED = ['checkout-spread', 'hot-product', 'product-read', 'wallet-read', 'best-sellers'];
const ORDERS = '1000,100000,1000000';
const PRODUCTS = '10000';
/** Enough for large batches. */
const CONNECTIONS = [256];
const WARM_UP_SECONDS = 2;

export interface Options {
  readonly scenarios: readonly string[];
  readonly sizes: readonly ShopSize[];
  readonly pace: Pace;
  readonly results: string | undefined;
  readonly cache: string;
}

/** Reads the command line; undefined asks for the usage. */
export const readOptions = (args: readonly string[]): Options | undefined => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      orders: { type: 'string', default: ORDERS },
      products: { type: 'string', default: PRODUCTS },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '5' },
      results: { type: 'string' },
      cache: {
        type: 'string',
        default: new URL('../../node_modules/.cache/growth', import.meta.url).pathname,
      },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const unknown = positionals.find((name) => SCENARIOS[name] === undefined);
  if (unknown !== undefined) throw new UsageError(`there is no scenario ${unknown}`);
  const all = (name: string, text: string) => text.split(',').map((each) => whole(name, each));
  const counts = all('products', values.products);
  const kept = new URL('../results', import.meta.url).pathname;
  return {
    scenarios: positionals.length === 0 ? MEASURED : positionals,
    sizes: all('orders', values.orders).flatMap((orders) =>
      counts.map((products) => ({ orders, products })),
    ),
    pace: {
      seconds: positive('seconds', values.seconds),
      rounds: whole('rounds', values.rounds),
      warmUpSeconds: WARM_UP_SECONDS,
      connections: CONNECTIONS,
    },
    results: values.results ?? (args.length === 0 ? kept : undefined),
    cache: values.cache,
  };
};
