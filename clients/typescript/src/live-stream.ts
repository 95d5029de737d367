import { createEventParser, type Message } from './event-parser.ts';
import { MoaFault, isProblem } from './result.ts';
import { readRetryAfter, wait, type Fetch, type Waiting } from './retry.ts';

/** A stream to follow over any number of connections. */
export interface StreamRequest {
  readonly url: string;
  /** The headers of the next connection, with the current token. */
  readonly headers: () => Promise<Record<string, string>>;
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
  /** The maximum time until a connection is answered. */
  readonly openMs: number;
  /** The maximum time without a byte. */
  readonly silenceMs: number;
  /** The longest random part of the first wait; it doubles with each connection without events. */
  readonly firstWaitMs: number;
  readonly onOpen: (() => void) | undefined;
  readonly onWait: ((waiting: Waiting) => void) | undefined;
}

/** What the HTML Standard calls "a few seconds", until the service says something else. */
const RETRY_MS = 1_000;
/** Beyond this, a page would be late to notice that the service is back. */
const RANDOM_MAX_MS = 30_000;

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** Why a connection ended, if another one may last. */
type End = Pick<Waiting, 'reason' | 'status' | 'error'> & { readonly askedMs: number };

/** Runs a step; aborts if the step takes longer. */
const within = async <T>(
  ms: number,
  leaving: AbortController,
  step: () => Promise<T>,
): Promise<T> => {
  const abort = (): void => leaving.abort(new Error(`nothing arrived within ${ms} ms`));
  const timer = setTimeout(abort, ms);
  try {
    return await step();
  } finally {
    clearTimeout(timer);
  }
};

/** The fault of an answer that another attempt would not change. */
const faultOf = async (response: Response): Promise<MoaFault> => {
  // The body of a success, for example of the page of a proxy, may have no end.
  const body: unknown = response.ok ? undefined : await response.json().catch(() => undefined);
  if (!isProblem(body)) {
    const message = `the answer with status ${response.status} is no stream of Moa`;
    return new MoaFault(message, { reason: 'unexpected_answer' });
  }
  const message = `the stream ends with the problem ${body.code}`;
  return new MoaFault(message, { reason: 'problem', problem: body });
};

const isStream = ({ status, headers }: Response): boolean =>
  status === 200 && /^text\/event-stream\b/i.test(headers.get('content-type') ?? '');

/** How far a stream has been read, over all its connections. */
interface Position {
  lastEventId: string;
  retryMs: number;
}

interface Connection {
  /** Opens the connection; no event yet, or why it could not be opened. */
  readonly open: () => Promise<readonly Message[] | End>;
  /** The next events, or why the connection ended. */
  readonly read: () => Promise<readonly Message[] | End>;
  readonly close: () => void;
}

/** One connection of a stream. Throws a `MoaFault` where no other one would last. */
const createConnection = (fetch: Fetch, request: StreamRequest, position: Position): Connection => {
  const { url, headers, signal, openMs, silenceMs } = request;
  const leaving = new AbortController();
  const leave = (): void => leaving.abort(signal.reason);
  signal.addEventListener('abort', leave);
  const parser = createEventParser(position.lastEventId);
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  const send = async (): Promise<Response> => {
    const { lastEventId } = position;
    return fetch(url, {
      headers: {
        ...(await headers()),
        accept: 'text/event-stream',
        ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
      },
      cache: 'no-store',
      credentials: 'same-origin',
      signal: leaving.signal,
    });
  };
  const open = async (): Promise<readonly Message[] | End> => {
    const response = await within(openMs, leaving, send);
    const { status, body } = response;
    if (status === TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
      const askedMs = readRetryAfter(response.headers.get('retry-after'), Date.now());
      return { reason: 'busy', status, askedMs };
    }
    if (!isStream(response) || body === null) {
      throw await within(openMs, leaving, () => faultOf(response));
    }
    // Safari cannot iterate over a body.
    reader = body.getReader();
    return [];
  };
  const read = async (): Promise<readonly Message[] | End> => {
    const next = await within(silenceMs, leaving, async () => reader?.read());
    if (next?.value === undefined) return { reason: 'no_connection', askedMs: 0 };
    const messages = parser.push(next.value);
    position.lastEventId = parser.lastEventId();
    position.retryMs = parser.retryMs() ?? position.retryMs;
    return messages;
  };
  const orEnd = (step: () => Promise<readonly Message[] | End>) => () =>
    step().catch((error: unknown): End => {
      if (error instanceof MoaFault) throw error;
      return { reason: 'no_connection', error, askedMs: 0 };
    });

  return {
    open: orEnd(open),
    read: orEnd(read),
    close: () => {
      signal.removeEventListener('abort', leave);
      leaving.abort();
    },
  };
};

/**
 * Follows a stream over any number of connections until the signal aborts, without a gap: each
 * connection begins after the last id. Between them it waits for `retry` or `Retry-After`, whichever
 * is longer, and a random part of a time that doubles while connections bring no event. Throws a
 * `MoaFault` after an answer that another attempt would not change.
 */
export async function* followStream(
  fetch: Fetch,
  request: StreamRequest,
): AsyncGenerator<Message, void> {
  const { signal, firstWaitMs, onOpen, onWait } = request;
  const position = { lastEventId: request.lastEventId ?? '', retryMs: RETRY_MS };
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const connection = createConnection(fetch, request, position);
    let step: readonly Message[] | End;
    try {
      step = await connection.open();
      if (!('reason' in step)) onOpen?.();
      for (; !('reason' in step); step = await connection.read()) {
        for (const message of step) {
          // It may have arrived just before the signal aborted.
          if (signal.aborted) return;
          attempt = 1;
          yield message;
        }
      }
    } finally {
      connection.close();
    }
    if (signal.aborted) return;
    const { askedMs, ...end } = step;
    const longest = Math.min(RANDOM_MAX_MS, firstWaitMs * 2 ** (attempt - 1));
    const waitMs = Math.max(position.retryMs, askedMs) + Math.random() * longest;
    onWait?.({ waitMs, attempt, ...end });
    await wait(waitMs, signal).catch(() => undefined);
  }
}
