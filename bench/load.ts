import { connect, type Socket } from 'node:net';

/** The text of an HTTP request. */
export type WireRequest = string;

export interface LoadResult {
  readonly seconds: number;
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly latenciesMs: readonly number[];
}

interface Load {
  readonly url: string;
  readonly connections: number;
  /** The next request; undefined ends the load. */
  readonly next: () => WireRequest | undefined;
  /** The pause of a connection before each request; none by default. */
  readonly pauseMs?: number;
}

const HEAD_END = '\r\n\r\n';

/**
 * Sends requests over keep-alive connections, each as soon as the previous one is answered. Uses
 * bare sockets, because on a shared machine the cost of the load slows the service.
 */
export const runLoad = async ({ url, connections, next, pauseMs }: Load): Promise<LoadResult> => {
  const statuses = new Map<number, number>();
  const latenciesMs: number[] = [];
  const { hostname, port } = new URL(url);
  const started = performance.now();

  const runConnection = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
      let sentAt = 0;
      let received = '';
      let expected = Number.POSITIVE_INFINITY;

      const send = () => {
        if (pauseMs === undefined) sendNow();
        else setTimeout(sendNow, pauseMs);
      };

      const sendNow = () => {
        const request = next();
        if (request === undefined) {
          socket.end();
          resolve();
          return;
        }
        sentAt = performance.now();
        received = '';
        expected = Number.POSITIVE_INFINITY;
        socket.write(request);
      };

      socket.setEncoding('latin1');
      socket.once('connect', send);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the service closed a connection')));
      socket.on('data', (chunk) => {
        received += String(chunk);
        if (expected === Number.POSITIVE_INFINITY) expected = lengthOf(received);
        if (received.length < expected) return;
        latenciesMs.push(performance.now() - sentAt);
        const status = Number(received.slice(9, 12));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        send();
      });
    });

  await Promise.all(Array.from({ length: connections }, runConnection));
  return { seconds: (performance.now() - started) / 1_000, statuses, latenciesMs };
};

/** The length of an answer, once its head has arrived. */
const lengthOf = (received: string): number => {
  const end = received.indexOf(HEAD_END);
  if (end === -1) return Number.POSITIVE_INFINITY;
  const length = /content-length: (\d+)/i.exec(received.slice(0, end))?.[1];
  return end + HEAD_END.length + Number(length ?? 0);
};

/** The value that `percent` per cent of the values do not exceed. */
export const percentile = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? NaN;
};
