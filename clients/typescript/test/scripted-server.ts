import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What the server does with a request. */
export type Step =
  | 'lose the connection'
  | 'lose the connection within the answer'
  | 'hang'
  | {
      /** The text of a stream of events, and what comes after it. */
      readonly stream: string;
      readonly type?: string;
      readonly after: 'end' | 'lose the connection' | 'stay silent' | 'send comments';
    }
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

interface Received {
  readonly method: string;
  readonly url: string;
  readonly key: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly at: number;
  /** Whether the connection was closed before the end of the answer. */
  readonly isLeft: () => boolean;
}

const COMMENT_EVERY_MS = 50;

const perform = (step: Step, response: ServerResponse): void => {
  if (step === 'hang') return;
  if (step === 'lose the connection') {
    response.destroy();
  } else if (step === 'lose the connection within the answer') {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('{"status":', () => response.destroy());
  } else if ('stream' in step) {
    response.writeHead(200, { 'content-type': step.type ?? 'text/event-stream; charset=utf-8' });
    response.write(step.stream, () => {
      if (step.after === 'end') response.end();
      if (step.after === 'lose the connection') response.destroy();
      if (step.after !== 'send comments') return;
      const timer = setInterval(() => response.write(':\n\n'), COMMENT_EVERY_MS);
      response.once('close', () => clearInterval(timer));
    });
  } else {
    const problem = step.status >= 400 ? 'application/problem+json' : 'application/json';
    response.writeHead(step.status, { 'content-type': step.type ?? problem, ...step.headers });
    response.end(typeof step.body === 'string' ? step.body : JSON.stringify(step.body));
  }
};

/** A server that follows a script, one step for each request, and repeats the last one. */
export const startScriptedServer = async (...script: Step[]) => {
  const received: Received[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const step = script[Math.min(received.length, script.length - 1)] ?? 'hang';
    const key = headers['idempotency-key']?.toString();
    const at = performance.now();
    const isLeft = (): boolean => response.closed && !response.writableFinished;
    received.push({ method, url, key, headers, body: await text(request), at, isLeft });
    perform(step, response);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, received };
};

/** Answers of Moa, as far as the tests read them. */
export const overloaded = (headers: Readonly<Record<string, string>> = {}): Step => ({
  status: 503,
  body: { code: 'overloaded', status: 503 },
  headers,
});
export const paid = (headers: Readonly<Record<string, string>> = {}): Step => ({
  status: 201,
  body: { orderId: 'an order', status: 'paid', total: 1_000 },
  headers,
});
