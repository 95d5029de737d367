import { createLatencies, recordMs, summarise, watchUse, type Report } from '../report.ts';
import { productOf, userOf, type Shop } from '../scenario.ts';
import { newId } from '../../src/database/ids.ts';
import { startSystem } from '../../src/system.ts';
import { serve } from '../worker.ts';

/** Paid orders as function calls; the first task starts the system on its database. */
export interface EngineTask {
  readonly databaseUrl: string;
  readonly postmaster: number | undefined;
  readonly shop: Omit<Shop, 'url'>;
  readonly callers: number;
  readonly seconds: number;
}

const SETTINGS = {
  currency: 'KRW',
  balanceMax: 2 ** 52,
  selfCharge: false,
  reservationMs: 900_000,
  pendingMax: 10,
  timeZone: 'Asia/Seoul',
};

type Started = ReturnType<typeof start>;
let started: Started | undefined;
let count = 0;

const start = (url: string) => {
  const system = startSystem(url, SETTINGS);
  const route = system.routes.find(({ operation }) => operation === 'checkout');
  if (route === undefined) throw new Error('there is no operation checkout');
  return { system, route };
};

const measure = async (task: EngineTask): Promise<Report> => {
  started ??= start(task.databaseUrl);
  const { route } = started;
  const shop = { ...task.shop, url: '' };
  const latencies = createLatencies();
  const unexpected: Record<string, number> = {};
  const used = await watchUse({ ...task, service: process.pid });
  const end = performance.now() + task.seconds * 1_000;

  const call = async (): Promise<void> => {
    while (performance.now() < end) {
      const at = performance.now();
      const userId = userOf(shop, ++count);
      const reply = await route.handle({
        params: {},
        query: {},
        body: { userId, items: [{ productId: productOf(shop, count), quantity: 1 }] },
        caller: { role: 'service', userId: 'bench' },
        idempotencyKey: newId(),
      });
      if (reply.kind === 'problem') unexpected[reply.kind] = (unexpected[reply.kind] ?? 0) + 1;
      else recordMs(latencies, performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: task.callers }, call));
  const use = await used(latencies.count);
  return {
    operations: latencies.count,
    latency: summarise(latencies),
    unexpected,
    ...use,
    // The callers are part of the selling thread.
    processor: use.processor && { ...use.processor, load: undefined },
    extra: {},
  };
};

serve(measure, async () => started?.system.close());
