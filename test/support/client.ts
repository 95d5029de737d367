import { Agent, request } from 'node:http';
import { v7 } from 'uuid';
import { requireDescribedAnswer } from './described.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The tests check the shape.
  readonly body: Record<string, never>;
}

/** Calls a service like a client. A POST with a body and without a key gets a new key. */
export const createClient = (url: string, token: string) => {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' && body !== undefined ? { 'idempotency-key': v7() } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    requireDescribedAnswer(response.headers.get('content-type'), text);
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  };
  return {
    call,
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown, key: string = v7()) =>
      call('POST', path, body, { 'idempotency-key': key }),
    put: (path: string, body: unknown) => call('PUT', path, body),
    patch: (path: string, body: unknown) => call('PATCH', path, body),
  };
};

/** A raw request: `path` and `body` are sent unchanged. */
interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** A list is sent as several headers. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

export type Exchange = (request: RawRequest) => Promise<RawAnswer>;

/** Sends requests that a normal client cannot send, over keep-alive connections. */
export const createExchange = (url: string): Exchange => {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return ({ method, path, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const options = { hostname, port, agent, method, path, headers: { ...length, ...headers } };
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          const { statusCode: status = 0, headers: received } = response;
          try {
            requireDescribedAnswer(received['content-type'], text);
            resolve({ status, headers: received, text });
          } catch (error) {
            reject(error);
          }
        });
      });
      sent.once('error', reject);
      sent.end(body);
    });
};
