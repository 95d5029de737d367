import { startWorker } from '../worker.ts';
import { sendAll } from '../wire.ts';
import type { BareTask } from './bare-fastify.ts';
import type { ShopService } from './running-shop.ts';
import type { Stage, Subject } from './subject.ts';

/** A bare route of Fastify that gets the same requests and sends what the service answered. */
export const openBare = async (
  { name, scenario, load }: Stage,
  { shop, orderOf }: ShopService,
): Promise<Subject> => {
  const step = scenario.begin(shop)({ count: 0, connection: 0 }).next().value;
  if (step === undefined) throw new Error(`${name} sends nothing`);
  const [answer] = await sendAll(shop.url, [step.request]);
  if (answer?.status !== step.status) throw new Error(`${name}: ${JSON.stringify(answer)}`);

  const worker = startWorker<BareTask, string>('subjects/bare-fastify.ts');
  const method = step.request.startsWith('GET') ? 'GET' : 'POST';
  const url = await worker.run({ method, ...answer });
  return {
    name: 'bare Fastify',
    isBaseline: true,
    measure: (connections, seconds) => {
      const order = orderOf(connections, seconds);
      const accounted = { ...order.accounted, service: worker.pid, postmaster: undefined };
      return load.run({ ...order, shop: { ...shop, url }, accounted });
    },
    stop: worker.stop,
  };
};
