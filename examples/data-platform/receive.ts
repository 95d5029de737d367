import type { IncomingMessage } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { Checked } from './contracts.ts';
import type { Store } from './store.ts';

/** In bytes. Moa sends a larger batch again in halves; a single event is far smaller. */
const BODY_MAX = 4 * 1024 * 1024;

const BATCH = /^application\/cloudevents-batch\+json(?: *;|$)/i;

/** An unpaired surrogate in JSON, which databases reject. */
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

export interface Answer {
  readonly status: number;
  /** The reason for a rejection, in plain text. */
  readonly reason?: string;
}

export interface ReceiverOptions {
  /** `whsec_…`, the same as Moa's. */
  readonly secret: string;
  readonly store: Store;
  readonly check: (batch: unknown) => Checked;
}

/**
 * Receives a batch of events. Outcomes in order: 413 for a body that is too large, 401 for an
 * invalid signature, 400 for a body that is not a batch of CloudEvents, 204 once the batch is
 * stored. Rejects when the store rejects; Moa then sends the batch again.
 */
export const createReceiver = ({ secret, store, check }: ReceiverOptions) => {
  const webhook = new Webhook(secret);

  return async (request: IncomingMessage): Promise<Answer> => {
    const body = await readBody(request);
    if (body === undefined) return { status: 413, reason: `more than ${BODY_MAX} bytes` };
    // The signature covers the received bytes, so verify before parsing.
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
 * The body; undefined when it is too large. A large body is read to its end too, because a client
 * that is still sending does not read the answer.
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

/** The JSON value of a body; undefined when the body is not JSON. */
const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};
