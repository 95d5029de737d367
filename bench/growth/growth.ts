import type { Surroundings } from '../command.ts';
import type { LoadOrder } from '../load.ts';
import { readFacts, renderFacts } from '../machine.ts';
import type { Report } from '../report.ts';
import { runScenario } from '../run.ts';
import type { Sample } from '../sample.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import type { Subject } from '../subjects/index.ts';
import { summariseSamples } from '../summary.ts';
import { startWorker, type Worker } from '../worker.ts';
import { openKeptServer, type KeptServer } from './kept-server.ts';
import type { Options } from './options.ts';
import { renderGrowth, renderStorage, writeGrowth, type GrowthScenario } from './page.ts';
import { openSizedShop, sizeName, type ShopSize, type SizedShop } from './shops.ts';
import { readSizes, storagePerOrder, type StoragePerOrder, type TableSize } from './storage.ts';

/** Measures each scenario on shops of all sizes by turns; the shops are kept for the next run. */
export const measureGrowth = async (
  { scenarios, sizes, pace, results, cache }: Options,
  { root, databaseUrl, print, log, signal }: Surroundings,
): Promise<void> => {
  const server = await openKeptServer(cache, log, databaseUrl);
  const load = startWorker<LoadOrder, Report>('load.ts');
  const opened: SizedShop[] = [];
  try {
    const sizesBefore = new Map<ShopSize, readonly TableSize[]>();
    for (const size of sizes) {
      signal.throwIfAborted();
      log(`a shop with ${sizeName(size)}`);
      const shop = await openSizedShop(root, server, size);
      opened.push(shop);
      sizesBefore.set(size, await readSizes(shop.databaseUrl));
    }
    const facts = await readFacts(server, root);
    print(`${renderFacts(facts)}\n`);
    const storage = storageOf(sizesBefore);
    if (storage.length > 0) print(`${renderStorage(storage)}\n`);

    const measured: GrowthScenario[] = [];
    for (const name of scenarios) {
      const scenario = SCENARIOS[name];
      if (scenario === undefined) continue;
      log(`${name}: ${scenario.title}`);
      const samples: Sample[] = await runScenario({ scenario, pace, log, signal }, (add) => {
        for (const shop of opened) add(subjectOf(name, shop, server, load));
        return Promise.resolve();
      });
      const each = { name, title: scenario.title, summaries: summariseSamples(samples) };
      measured.push(each);
      print(`${renderGrowth(each)}\n`);
    }
    if (results === undefined) return;
    await writeGrowth(results, { facts, scenarios: measured, storage });
    print(`Results and chart: ${results}`);
  } finally {
    await load.stop();
    for (const { service } of opened) await service.stop();
    await server.stop();
  }
};

const subjectOf = (
  scenario: string,
  { name, databaseUrl, shop, service }: SizedShop,
  { postmaster }: KeptServer,
  load: Worker<LoadOrder, Report>,
): Subject => ({
  name,
  isBaseline: false,
  measure: (connections, seconds) => {
    const accounted = { service: service.pid, postmaster, databaseUrl };
    return load.run({ scenario, shop, connections, seconds, accounted });
  },
  // The service goes on to the next scenario.
  stop: () => Promise.resolve(),
});

/** What an order adds: the shops with the fewest and the most orders, of the same products. */
const storageOf = (tables: ReadonlyMap<ShopSize, readonly TableSize[]>): StoragePerOrder[] => {
  const sizes = [...tables.keys()].toSorted((a, b) => a.orders - b.orders);
  const [small] = sizes;
  const large = sizes.findLast(({ products }) => products === small?.products);
  if (small === undefined || large === undefined || small.orders === large.orders) return [];
  const of = (size: ShopSize) => ({ size, tables: tables.get(size) ?? [] });
  return storagePerOrder(of(small), of(large));
};
