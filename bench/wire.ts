import { connect } from 'node:net';

/** The text of an HTTP request, in ASCII. */
export type WireRequest = string;

/** What a server answered; the body has one character for each byte. */
export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

export interface Connection {
  /** Sends a request; the answer to the one before must have arrived. */
  readonly send: (request: WireRequest) => void;
  readonly close: () => void;
}

interface Handlers {
  readonly onAnswer: (answer: WireAnswer) => void;
  readonly onFault: (error: Error) => void;
}

const HEAD_END = '\r\n\r\n';
/** As Fastify and Express write the name; a comparison that ignores the case costs more. */
const LENGTHS = ['content-length: ', 'Content-Length: '] as const;
const STATUS_AT = 'HTTP/1.1 '.length;
/** An answer is mostly read at once; a longer one is put together. */
const BUFFER_BYTES = 16_384;

/**
 * Opens a keep-alive connection to a server on this machine. It reads bare sockets into one buffer,
 * because the load shares the processors with the service; the costs of libraries are in
 * docs/decisions/0015-bench-from-outside.md.
 */
export const openConnection = (url: string, handlers: Handlers): Promise<Connection> => {
  const { hostname, port } = new URL(url);
  let received = '';
  let isClosed = false;

  const take = (text: string): void => {
    received += text;
    const end = endOfAnswer(received);
    if (end === undefined || received.length < end.at) return;
    const answer = { status: Number(received.slice(STATUS_AT, STATUS_AT + 3)), body: end.body };
    received = '';
    handlers.onAnswer(answer);
  };

  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(error);
      if (!isClosed) handlers.onFault(error);
      isClosed = true;
    };
    const socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(BUFFER_BYTES),
        callback: (bytes, buffer) => {
          take(Buffer.from(buffer.buffer, buffer.byteOffset, bytes).toString('latin1'));
          return true;
        },
      },
    });
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the service closed a connection')));
    socket.once('connect', () =>
      resolve({
        send: (request) => void socket.write(request, 'latin1'),
        close: () => {
          isClosed = true;
          socket.destroy();
        },
      }),
    );
  });
};

/** Where an answer ends and its body, once its head has arrived. */
const endOfAnswer = (received: string): { at: number; body: string } | undefined => {
  const head = received.indexOf(HEAD_END);
  if (head === -1) return undefined;
  const body = head + HEAD_END.length;
  const bytes = lengthIn(received, head);
  return { at: body + bytes, body: received.slice(body, body + bytes) };
};

/** The length that the head of an answer gives, in bytes; 0 without one. */
const lengthIn = (received: string, head: number): number => {
  for (const name of LENGTHS) {
    const at = received.indexOf(name);
    if (at !== -1 && at < head) return Number.parseInt(received.slice(at + name.length), 10);
  }
  return 0;
};

/** Sends requests over a few connections and returns the answers, in the order of the requests. */
export const sendAll = async (
  url: string,
  requests: readonly WireRequest[],
  connections = 64,
): Promise<WireAnswer[]> => {
  const answers: WireAnswer[] = [];
  let next = 0;
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let current = 0;
      const send = (connection: Connection): void => {
        const request = requests[(current = next++)];
        if (request === undefined) {
          connection.close();
          resolve();
        } else connection.send(request);
      };
      const opening = openConnection(url, {
        onAnswer: (answer) => {
          answers[current] = answer;
          void opening.then(send);
        },
        onFault: reject,
      });
      opening.then(send, reject);
    });
  await Promise.all(Array.from({ length: Math.min(connections, requests.length) }, run));
  return answers;
};
