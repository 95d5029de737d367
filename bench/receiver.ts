import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Receiver {
  readonly port: number;
  /** How many different events have arrived. */
  readonly count: () => number;
  /** How long the events since the last call had been under way, from their commit, in ms. */
  readonly takeLatencies: () => number[];
  /** Takes events from now on; before that and after `close` nobody listens. */
  readonly listen: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The fastest receiver of webhooks that there is: it reads ids and times, and believes all. */
export const createReceiver = async (): Promise<Receiver> => {
  const seen = new Set<string>();
  let latencies: number[] = [];
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      const now = Date.now();
      for (const { id, time } of JSON.parse(body) as { id: string; time: string }[]) {
        seen.add(id);
        latencies.push(now - Date.parse(time));
      }
      response.writeHead(204).end();
    });
  });
  let port = 0;
  const listen = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  // Takes a port and leaves it, so that it is known before anybody listens.
  await listen();
  await close();
  return {
    port,
    count: () => seen.size,
    takeLatencies: () => {
      const taken = latencies;
      latencies = [];
      return taken;
    },
    listen,
    close,
  };
};
