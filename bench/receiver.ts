import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Receiver {
  readonly port: number;
  /** The number of distinct events received. */
  readonly count: () => number;
  /** The times from commit to receipt of the events since the last call, in ms. */
  readonly takeLatencies: () => number[];
  /** Starts listening; before that and after `close` connections are refused. */
  readonly listen: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A minimal receiver of webhooks: it reads ids and times and verifies no signature. */
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
  // Listens once to get a port, so that the URL is known before `listen`.
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
