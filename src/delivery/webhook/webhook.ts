import { hash } from 'node:crypto';
import { lookup as lookUp, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';
import type { Channel, OutgoingEvent, SendResult } from '../channel.ts';
import { readRetryAfter } from '../retry.ts';
import { isPrivateLiteral, isPublicAddress } from './addresses.ts';
import { readStart } from './read-start.ts';

interface WebhookOptions {
  readonly url: string;
  /** The secrets at a time, `whsec_…`, the newest first; each signs. */
  readonly secretsAt: (time: Date) => readonly string[];
  /** Whether a non-public address may be called. */
  readonly allowPrivate: boolean;
  readonly timeoutMs?: number;
}

/** The Standard Webhooks specification asks for 15 to 30 seconds. */
const TIMEOUT_MS = 15_000;
const DETAIL_MAX = 300;
const CONTENT_TYPE = 'application/cloudevents-batch+json; charset=utf-8';

/** Client errors that do not refuse the events themselves, so the request is retried. */
const LATER = new Set([401, 403, 404, 405, 407, 408, 409, 421, 423, 425, 429, 451]);

/**
 * Sends events by POST: a CloudEvents JSON batch (CloudEvents 1.0.2, HTTP binding 3.3), signed by
 * Standard Webhooks 1.0.0. Redirects are not followed. A request with one event of a traced request
 * continues its trace (W3C Trace Context). Several events may belong to several traces; then only
 * the events name their traces.
 * 410 means that the destination accepts no more events, another 4xx about the events refuses them,
 * and any other status than 2xx is a failure, for which `Retry-After` is honoured. The status alone
 * decides: a body that is long, slow or broken changes nothing.
 */
export const openWebhook = (options: WebhookOptions): Channel => {
  const { url, secretsAt, allowPrivate, timeoutMs = TIMEOUT_MS } = options;
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs, ...(allowPrivate ? {} : { lookup: lookUpPublic }) },
  });

  const post = async (
    events: readonly OutgoingEvent[],
    signal: AbortSignal,
  ): Promise<SendResult> => {
    const id = idOf(events);
    const sentAt = new Date();
    const traceparent = events.length === 1 ? events[0]?.traceparent : undefined;
    const body = `[${events.map(({ json }) => json).join(',')}]`;
    const answer = await request(url, {
      method: 'POST',
      dispatcher: agent,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headers: {
        'content-type': CONTENT_TYPE,
        'user-agent': 'Moa',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
        'webhook-signature': secretsAt(sentAt)
          .map((secret) => new Webhook(secret).sign(id, sentAt, body))
          .join(' '),
        ...(traceparent === undefined ? {} : { traceparent }),
      },
      body,
    });
    const retryAfter = answer.headers['retry-after'];
    const notBefore = readRetryAfter(String(retryAfter ?? ''), new Date());
    const received = { status: answer.statusCode, body: await readStart(answer.body) };
    return { ...resultOf(answer.statusCode, notBefore), answer: received };
  };

  return {
    send: async (events, signal) => {
      if (!allowPrivate && isPrivateLiteral(url)) return failed('the address is not public');
      try {
        return await post(events, signal);
      } catch (error) {
        return failed(describe(error));
      }
    },
    close: () => agent.destroy(),
  };
};

/**
 * The `webhook-id` of a batch: the same when the batch is repeated, another one for other events,
 * because receivers may drop a request whose id they have (Standard Webhooks, "Idempotency").
 */
const idOf = (events: readonly OutgoingEvent[]): string =>
  `msg_${hash('sha256', events.map(({ id }) => id).join(), 'base64url')}`;

const resultOf = (status: number, notBefore: Date | undefined): SendResult => {
  const detail = `answered ${status}`;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone', detail };
  if (status >= 400 && status < 500 && !LATER.has(status)) return { kind: 'refused', detail };
  return notBefore === undefined ? failed(detail) : { kind: 'failed', detail, notBefore };
};

const failed = (detail: string): SendResult => ({
  kind: 'failed',
  detail: detail.slice(0, DETAIL_MAX),
});

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code ?? error.name;
  return error.message === '' ? code : `${code}: ${error.message}`;
};

/**
 * Resolves a host name; fails when one of its addresses is not public. Called for each connection,
 * so that a name cannot be public when checked and private when called.
 */
const lookUpPublic: LookupFunction = (host, options, answer) => {
  lookUp(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const isPrivate = addresses?.some(({ address }) => !isPublicAddress(address));
    const refusal = isPrivate ? new Error('the address is not public') : error;
    const [first] = addresses ?? [];
    if (refusal !== null) answer(refusal, []);
    else if (options.all === true) answer(null, addresses);
    else answer(null, first?.address ?? '', first?.family);
  });
};
