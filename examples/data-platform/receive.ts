import type { IncomingMessage } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { Checked } from './contracts.ts';
import type { Store } from './store.ts';

/** In bytes. Moa sends a batch that is too large again in halves; no event alone is near it. */
const BODY_MAX = 4 * 1024 * 1024;

const BATCH = /^application\/cloudevents-batch\+json(?: *;|$)/i;

/** What JSON writes for half a character, which no database takes. */
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

export interface Answer {
  readonly status: number;
  /** Why not, in plain text. */
  readonly reason?: string;
}

export interface ReceiverOptions {
  /** `whsec_…`, as Moa has it. */
  readonly secret: string;
  readonly store: Store;
  readonly check: (batch: unknown) => Checked;
}

/**
 * Receives a batch of events: 204 once it is stored, 413 for a body that is too large, 401 for a
 * signature that is not Moa's, 400 for what is no batch of CloudEvents, in this order. Rejects when
 * the store does; then Moa sends the batch again.
 */
export const createReceiver = ({ secret, store, check }: ReceiverOptions) => {
  const webhook = new Webhook(secret);

  return async (request: IncomingMessage): Promise<Answer> => {
    const body = await readBody(request);
    if (body === undefined) return { status: 413, reason: `more than ${BODY_MAX} bytes` };
    // The signature is over the bytes as they came, so nothing is parsed before.
    if (!isSigned(webhook, body, request)) return { status: 401, reason: 'not signed by Moa' };
    if (!BATCH.test(request.headers['content-type'] ?? '')) {
      return { status: 400, reason: 'not application/cloudevents-batch+json' };
    }
    const checked = check(parse(body));
    if ('complaint' in checked) return { status: 400, reason: checked.complaint };
    if (HALF_CHARACTER.test(JSON.stringify(checked.events))) {
      return { status: 400, reason: 'a string has half a character' };
    }
    await store.add(checked.events);
    return { status: 204 };
  };
};

/**
 * The body; undefined when it is too large. It is read to its end all the same: who is still
 * sending does not listen to an answer.
 */
const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= BODY_MAX) chunks.push(chunk as Buffer);
  }
  return size <= BODY_MAX ? Buffer.concat(chunks) : undefined;
};

const isSigned = (webhook: Webhook, body: Buffer, { headers }: IncomingMessage): boolean => {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const signed = Object.fromEntries(names.map((name) => [name, String(headers[name] ?? '')]));
  try {
    webhook.verify(body, signed, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
};

/** The JSON in a body; undefined when there is none. */
const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};
