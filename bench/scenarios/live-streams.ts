import { connect, type Socket } from 'node:net';
import { createLatencies, recordMs } from '../report.ts';
import { get, productOf, type Beside, type Scenario, type Shop } from '../scenario.ts';
import { hotProduct } from './hot-product.ts';

const BUYERS = 32;

/** A newest `stock` in a piece of a stream; one that is cut in two is not counted. */
const stockIn = (piece: string): number | undefined => {
  const stock = /"stock":(\d+)[^]*$/.exec(piece.slice(piece.lastIndexOf('event: stock')))?.[1];
  return stock === undefined ? undefined : Number(stock);
};

interface Watcher {
  readonly socket: Socket;
  /** Resolves when the stream has sent the first state. */
  readonly isCurrent: Promise<unknown>;
}

/** Opens a stream of the product; calls `onStock` with the stock before and the new one. */
const watch = (shop: Shop, onStock: (before: number, now: number) => void): Watcher => {
  const { hostname, port } = new URL(shop.url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.setEncoding('latin1');
  socket.write(get(`/v1/stream?products=${productOf(shop, 0)}`));
  let before: number | undefined;
  let text = '';
  const isCurrent = new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the service ended a stream')));
    socket.on('data', (piece) => {
      if (before === undefined) text += String(piece);
      const now = stockIn(before === undefined ? text : String(piece));
      if (now === undefined) return;
      if (before !== undefined) onStock(before, now);
      before = now;
      resolve();
    });
  });
  return { socket, isCurrent };
};

/** Streams of the product that is sold, and how long its oldest unseen sale waits for an event. */
const watchAll = async (shop: Shop, streams: number): Promise<Beside> => {
  const delays = createLatencies();
  const soldAt: number[] = [];
  const opened = performance.now();
  let first: number | undefined;
  const watchers = Array.from({ length: streams }, () =>
    watch(shop, (before, now) => {
      first ??= before;
      const arrived = performance.now();
      // An event may arrive before the answer to the order.
      if (now < before) recordMs(delays, arrived - (soldAt[first - before] ?? arrived));
    }),
  );
  await Promise.all(watchers.map(({ isCurrent }) => isCurrent));
  return {
    onOperation: () => void soldAt.push(performance.now()),
    stop: () => {
      for (const { socket } of watchers) socket.destroy();
      if (delays.count === 0) return {};
      const seconds = (performance.now() - opened) / 1_000;
      return {
        'events a second, to all streams': delays.count / seconds,
        'ms from an order to its event, p50': delays.percentile(50) / 1_000,
        'ms from an order to its event, p99': delays.percentile(99) / 1_000,
      };
    },
  };
};

export const liveStreams: Scenario = {
  title: `paid orders of ${BUYERS} buyers for a product that many streams follow`,
  operation: 'order',
  counted: 'streams',
  connections: [0, 100, 1_000],
  baselines: [],
  callers: BUYERS,
  begin: hotProduct.begin,
  beside: watchAll,
};
