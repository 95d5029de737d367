import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { renderPage } from './page.ts';
import { createReceiver, type ReceiverOptions } from './receive.ts';
import { readReport, type Report } from './report.ts';

/** How long a request may take to arrive. */
const ARRIVAL_MAX_MS = 30_000;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
};

type Respond = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The HTTP server: `POST /events`, `GET /report`, `GET /`. */
export const createPlatform = (
  options: ReceiverOptions,
  onFault: (error: unknown) => void,
): Server => {
  const receive = createReceiver(options);
  const { store } = options;

  const routes: Readonly<Record<string, { readonly method: string; readonly respond: Respond }>> = {
    '/events': {
      method: 'POST',
      respond: async (request, response) => {
        const { status, reason } = await receive(request);
        send(response, status, 'text/plain', reason);
      },
    },
    '/report': {
      method: 'GET',
      respond: async (_, response) => {
        send(response, 200, 'application/json', await readReport(store));
      },
    },
    '/': {
      method: 'GET',
      respond: async (_, response) => {
        const report = JSON.parse(await readReport(store)) as Report;
        send(response, 200, 'text/html', renderPage(report));
      },
    },
  };

  const respond: Respond = async (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) return send(response, 404, 'text/plain', 'nothing is here');
    if (route.method === request.method) return route.respond(request, response);
    response.setHeader('allow', route.method);
    return send(response, 405, 'text/plain', `only ${route.method}`);
  };

  return createServer({ requestTimeout: ARRIVAL_MAX_MS }, (request, response) => {
    respond(request, response)
      .catch((error: unknown) => {
        // The client has closed the connection.
        if (request.errored !== null) return;
        onFault(error);
        send(response, 500, 'text/plain', 'internal error; it is safe to send the request again');
      })
      // An unread rest of the body would block the connection.
      .finally(() => request.resume());
  });
};

const send = (response: ServerResponse, status: number, type: string, body?: string): void => {
  if (body === undefined) response.writeHead(status, HEADERS).end();
  else {
    const text = type === 'text/plain' ? `${body}\n` : body;
    const headers = { ...HEADERS, 'content-type': `${type}; charset=utf-8` };
    response.writeHead(status, headers).end(text);
  }
};
