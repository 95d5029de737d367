import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A message of PostgreSQL's protocol (documentation, chapter 55); a start-up message has no type.
 */
export interface Message {
  readonly from: 'client' | 'server';
  readonly type: string;
  readonly body: Buffer;
  /** The `application_name` of the connection; empty before its start-up message. */
  readonly application: string;
}

/** Selects the message at which a connection is cut, or from which the proxy is silent. */
export type Cut = (message: Message) => false | 'instead' | 'after' | 'silence';

/** A proxy for PostgreSQL that can cut a connection between any two messages. */
export interface PostgresProxy {
  /** The database's URL through the proxy. */
  readonly url: string;
  /**
   * Calls `cut` for each message from now on and cuts one connection: `instead` of forwarding the
   * selected message, or `after` it. The server still receives all forwarded messages. `silence`
   * drops the selected message and all later ones on every connection.
   */
  readonly cutAt: (cut: Cut) => void;
  /** The number of connections cut at a message. */
  readonly cuts: () => number;
  /** Cuts every connection and refuses new ones until `restore`. */
  readonly sever: () => void;
  readonly restore: () => void;
  /** Drops all messages of one end or both, like a broken network. */
  readonly silence: (from?: Message['from']) => void;
  /** Drops all messages of the open connections, like a machine that vanished; new ones work. */
  readonly vanish: () => void;
}

/** Whether a message requests a commit. */
export const asksCommit = ({ from, type, body }: Message): boolean =>
  from === 'client' &&
  (type === 'Q' || type === 'P') &&
  /^commit;?\0|\0commit;?\0/i.test(text(body));

/** Whether a message confirms a commit. */
export const saysCommitted = ({ from, type, body }: Message): boolean =>
  from === 'server' && type === 'C' && text(body) === 'COMMIT\0';

const text = (body: Buffer): string => body.toString('latin1');

/** The `application_name` in a start-up message; undefined in any other message. */
const applicationIn = ({ from, type, body }: Omit<Message, 'application'>): string | undefined =>
  from === 'client' && type === ''
    ? /\0application_name\0([^\0]*)\0/.exec(text(body))?.[1]
    : undefined;

const LENGTH_BYTES = 4;

/** Splits received bytes into whole messages, each with its bytes. */
const createFramer = (from: Message['from']) => {
  let typed = from === 'server';
  let rest: Buffer = Buffer.alloc(0);
  return function* frame(chunk: Buffer): Generator<{
    message: Omit<Message, 'application'>;
    bytes: Buffer;
  }> {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = typed ? 1 : 0;
      if (rest.length < head + LENGTH_BYTES) return;
      const end = head + rest.readUInt32BE(head);
      if (rest.length < end) return;
      const bytes = rest.subarray(0, end);
      const type = text(bytes.subarray(0, head));
      rest = rest.subarray(end);
      typed = true;
      yield { message: { from, type, body: bytes.subarray(head + LENGTH_BYTES) }, bytes };
    }
  };
};

/** Starts a proxy for the database at `target`; the end of the test stops it. */
export const startPostgresProxy = async (target: string): Promise<PostgresProxy> => {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  const vanished = new Set<readonly [Socket, Socket]>();
  let cut: Cut = () => false;
  let cuts = 0;
  let isSevered = false;
  let silenced: readonly Message['from'][] = [];

  const server = createServer((client) => {
    if (isSevered) {
      client.destroy();
      return;
    }
    const database = connect(Number(port), hostname);
    const pair = [client, database] as const;
    pairs.add(pair);
    let alive = true;
    let application = '';
    const end = (): void => {
      alive = false;
      client.destroy();
      // Forwarded messages still arrive.
      database.end();
      pairs.delete(pair);
    };
    const relay = (from: Message['from'], source: Socket, sink: Socket): void => {
      const frame = createFramer(from);
      source.setNoDelay(true);
      source.on('error', end);
      source.on('close', end);
      source.on('data', (chunk: Buffer) => {
        for (const { message, bytes } of frame(chunk)) {
          if (!alive || vanished.has(pair) || silenced.includes(from)) return;
          application = applicationIn(message) ?? application;
          const chosen = cut({ ...message, application });
          if (chosen === 'silence') {
            cut = () => false;
            silence();
            return;
          }
          if (chosen !== 'instead') sink.write(bytes);
          if (chosen !== false) {
            cut = () => false;
            cuts++;
            end();
          }
        }
      });
    };
    relay('client', client, database);
    relay('server', database, client);
  });

  const silence = (from?: Message['from']): void => {
    silenced = from === undefined ? ['client', 'server'] : [from];
  };
  const cutAll = (): void => {
    for (const [client, database] of pairs) {
      client.destroy();
      database.destroy();
    }
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    cutAll();
    server.close();
  });
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutAt: (chosen) => {
      cut = chosen;
    },
    cuts: () => cuts,
    sever: () => {
      isSevered = true;
      cutAll();
    },
    restore: () => {
      isSevered = false;
      silenced = [];
    },
    silence,
    vanish: () => {
      for (const pair of pairs) vanished.add(pair);
    },
  };
};
