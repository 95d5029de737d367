import { sendArrivals } from './arrivals.ts';
import { operate } from './operate.ts';
import type { Accounted } from './processor.ts';
import { watchUse, type Report } from './report.ts';
import type { Shop } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { serve } from './worker.ts';

/** A measurement that the load process carries out. */
export interface LoadOrder {
  readonly scenario: string;
  readonly shop: Shop;
  readonly connections: number;
  readonly seconds: number;
  readonly accounted: Accounted;
}

/** More than a service answers at the same time: who arrives seldom waits for a connection. */
const SLOTS = 4_096;

/** A second of a rush, then the time in which its queue shrinks. */
const LEAD_SECONDS = 3;

/** The orders a second of each scenario and service when every caller waits for its answer. */
const highestRates = new Map<string, number>();

const measure = async (order: LoadOrder): Promise<Report> => {
  const { shop, connections, seconds, accounted } = order;
  const scenario = SCENARIOS[order.scenario];
  if (scenario === undefined) throw new Error(`no scenario ${order.scenario}`);
  if (scenario.prepareWork !== undefined) {
    return work(await scenario.prepareWork(shop, seconds), order);
  }
  const begin = scenario.begin(shop);
  const place = `${order.scenario} ${shop.url}`;
  const highest = highestRates.get(place);
  if (scenario.arrives && connections !== 100 && highest !== undefined) {
    const perSecond = (highest * connections) / 100;
    const arrivals = { url: shop.url, perSecond, leadSeconds: LEAD_SECONDS, seconds };
    return sendArrivals({ ...arrivals, connections: SLOTS, accounted, begin });
  }
  const report = await operate({
    url: shop.url,
    connections: scenario.callers ?? connections,
    seconds,
    accounted,
    beside: await scenario.beside?.(shop, connections),
    begin,
  });
  if (scenario.arrives) highestRates.set(place, report.operations / report.seconds);
  return report;
};

const work = async (run: () => Promise<number>, { accounted }: LoadOrder): Promise<Report> => {
  const used = await watchUse(accounted);
  const operations = await run();
  return { operations, latency: undefined, unexpected: {}, extra: {}, ...(await used(operations)) };
};

serve(measure);
