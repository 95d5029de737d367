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

const measure = async (order: LoadOrder): Promise<Report> => {
  const { shop, connections, seconds, accounted } = order;
  const scenario = SCENARIOS[order.scenario];
  if (scenario === undefined) throw new Error(`no scenario ${order.scenario}`);
  if (scenario.prepareWork !== undefined) {
    return work(await scenario.prepareWork(shop, seconds), order);
  }
  return operate({
    url: shop.url,
    connections: scenario.callers ?? connections,
    seconds,
    accounted,
    beside: await scenario.beside?.(shop, connections),
    begin: scenario.begin(shop),
  });
};

const work = async (run: () => Promise<number>, { accounted }: LoadOrder): Promise<Report> => {
  const used = await watchUse(accounted);
  const operations = await run();
  return { operations, latency: undefined, unexpected: {}, extra: {}, ...(await used(operations)) };
};

serve(measure);
