import { parseArgs } from 'node:util';
import { benchBestSellers, renderBestSellers } from './best-sellers.ts';
import { benchCheckout } from './checkout.ts';
import { renderReport } from './report.ts';
import { benchDelivery, renderDelivery } from './delivery.ts';
import { benchSeed, renderSeedReport } from './seed.ts';

const USAGE = `Measures Moa against a baseline in the same run.

  npm run bench                     paid orders over HTTP against one transaction for each order
  npm run bench -- best-sellers     reads of the best sellers after few and after many orders
  npm run bench -- delivery         events to a data platform beside paid orders
  npm run bench -- delivery --nats nats://127.0.0.1:4222
  npm run bench -- --seconds 10 --rounds 5
  npm run bench -- seed             a history and its audit against COPY of the same rows
  npm run bench -- seed --orders 1000000 --products 10000 --days 30

  --seconds   the duration of each measurement (5)
  --rounds    the number of rounds; the report shows medians (3)
  --orders, --products, --days   the size of a history (100000, 1000, 30)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    orders: { type: 'string', default: '100000' },
    products: { type: 'string', default: '1000' },
    days: { type: 'string', default: '30' },
    nats: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const BENCHES: Readonly<Record<string, () => Promise<string>>> = {
  checkout: async () =>
    renderReport(
      await benchCheckout({
        seconds: Number(values.seconds),
        rounds: Number(values.rounds),
        loneOrders: 500,
        buyers: 512,
        size: 1_000,
        log: console.error,
      }),
    ),
  seed: async () =>
    renderSeedReport(
      await benchSeed({
        orders: Number(values.orders),
        products: Number(values.products),
        days: Number(values.days),
        log: console.error,
      }),
    ),
  delivery: async () =>
    renderDelivery(
      await benchDelivery({
        seconds: Number(values.seconds),
        rounds: Number(values.rounds),
        size: 1_000,
        nats: values.nats,
        log: console.error,
      }),
    ),
  'best-sellers': async () =>
    renderBestSellers(
      await benchBestSellers({
        seconds: Number(values.seconds),
        rounds: Number(values.rounds),
        sizes: [1_000, 1_000_000],
        products: 10_000,
        log: console.error,
      }),
    ),
};

const bench = BENCHES[positionals[0] ?? 'checkout'];
if (values.help || bench === undefined) console.log(USAGE);
else console.log(await bench());
