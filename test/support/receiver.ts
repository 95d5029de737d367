import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Webhook } from 'standardwebhooks';
import { onTestFinished } from 'vitest';

/** A received CloudEvent. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly sequence: string;
  readonly source: string;
  readonly dataschema: string;
  readonly traceparent?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A request with a valid signature. */
interface Delivered {
  readonly id: string;
  readonly body: string;
  readonly signatures: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly events: readonly ReceivedEvent[];
}

type Answer =
  | { status: number; headers?: Record<string, string>; body?: string | Readable }
  | 'hang'
  | 'reset';

/** The answer; only 2xx accepts the events. */
export type Answering = (request: Delivered) => Answer | Promise<Answer>;

export interface Receiver {
  readonly url: string;
  /** Every request with a valid signature, also when not accepted. */
  readonly requests: readonly Delivered[];
  /** The events of accepted requests, in order of arrival. */
  readonly taken: ReceivedEvent[];
  /** The number of requests without a valid signature. */
  readonly unsigned: () => number;
  readonly answerWith: (answering: Answering) => void;
  /** Refuses connections until `start`; keeps the port. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/** The signing secret of tests: 32 bytes. */
export const SECRET = `whsec_${Buffer.alloc(32, 'moa').toString('base64')}`;

/** A webhook receiver over real HTTP; the end of the test stops it. */
export const startReceiver = async (secrets: readonly string[] = [SECRET]): Promise<Receiver> => {
  const requests: Delivered[] = [];
  const taken: ReceivedEvent[] = [];
  let answering: Answering = () => ({ status: 204 });
  let unsigned = 0;

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const headers = request.headers as Record<string, string>;
    if (!secrets.some((secret) => isSigned(secret, body, headers))) {
      unsigned++;
      response.writeHead(401).end();
      return;
    }
    const delivered: Delivered = {
      id: headers['webhook-id'] ?? '',
      body,
      headers,
      signatures: (headers['webhook-signature'] ?? '').split(' '),
      events: JSON.parse(body) as ReceivedEvent[],
    };
    requests.push(delivered);
    const answer = await answering(delivered);
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    if (answer.status < 300) taken.push(...delivered.events);
    response.writeHead(answer.status, answer.headers);
    if (answer.body === undefined || typeof answer.body === 'string') response.end(answer.body);
    // The sender may close the connection before the end.
    else await pipeline(answer.body, response).catch(() => undefined);
  };

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  let port = 0;
  const start = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await start();
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${port}/events`,
    requests,
    taken,
    unsigned: () => unsigned,
    answerWith: (next) => (answering = next),
    start,
    stop,
  };
};

const isSigned = (secret: string, body: string, headers: Record<string, string>): boolean => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};
