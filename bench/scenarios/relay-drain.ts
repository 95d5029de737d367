import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { send, type Scenario, type Shop } from '../scenario.ts';
import { sendAll, type WireRequest } from '../wire.ts';
import { checkoutSpread } from './checkout-spread.ts';

/** About what is sent in a second; each order is one event. */
const ORDERS_PER_SECOND = 4_000;
const CONNECTIONS = 128;
const PATIENCE_MS = 60_000;
const SECRET = `whsec_${Buffer.alloc(32, 'bench').toString('base64')}`;

/** Sends one request that must succeed. */
const ask = async (shop: Shop, request: WireRequest): Promise<string> => {
  const [answer] = await sendAll(shop.url, [request]);
  if (answer === undefined || answer.status >= 300) throw new Error(JSON.stringify(answer));
  return answer.body;
};

/** A receiver that counts events and verifies nothing; `until` resolves at a number of them. */
const listen = async () => {
  let received = 0;
  let wanted = Infinity;
  const all = Promise.withResolvers<void>();
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      response.writeHead(204).end();
      received += (JSON.parse(body) as unknown[]).length;
      if (received >= wanted) all.resolve();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    until: (count: number): Promise<void> => {
      wanted = count;
      setTimeout(() => all.reject(new Error('events did not arrive')), PATIENCE_MS).unref();
      return all.promise;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

/** Places orders for a paused webhook; the work is to send it all their events. */
const prepareWork = async (shop: Shop, seconds: number): Promise<() => Promise<number>> => {
  const { staff } = shop.tokens;
  const receiver = await listen();
  const destination = { kind: 'webhook', name: 'bench', status: 'paused' };
  const body = JSON.stringify({ ...destination, url: receiver.url, secret: SECRET });
  const made = await ask(shop, send('POST', '/v1/destinations', staff, body));
  const { destinationId } = JSON.parse(made) as { destinationId: string };

  const count = Math.ceil(seconds * ORDERS_PER_SECOND);
  const begin = checkoutSpread.begin(shop);
  const steps = Array.from({ length: count }, (_, n) => begin({ count: n, connection: 0 }).next());
  const requests = steps.map(({ value }) => value?.request ?? '');
  const refused = (await sendAll(shop.url, requests, CONNECTIONS)).find(
    ({ status }) => status !== 201,
  );
  if (refused) throw new Error(`an order was refused: ${JSON.stringify(refused)}`);

  const set = (status: string): Promise<string> =>
    ask(
      shop,
      send('PATCH', `/v1/destinations/${destinationId}`, staff, JSON.stringify({ status })),
    );
  return async () => {
    await set('active');
    await receiver.until(count);
    await set('paused');
    receiver.close();
    return count;
  };
};

export const relayDrain: Scenario = {
  title: 'events of a backlog of paid orders, sent to a webhook',
  operation: 'event',
  counted: 'webhooks',
  connections: [1],
  baselines: [],
  begin: checkoutSpread.begin,
  prepareWork,
};
