import type { Channel } from './channel.ts';
import { errorsInKafka } from './kafka/settings.ts';
import type { FindDestinationRow } from './queries.gen.ts';
import { KAFKA_RETRY, NATS_RETRY, WEBHOOK_RETRY, type RetryPolicy } from './retry.ts';
import { isPrivateLiteral } from './webhook/addresses.ts';

/** An outside receiver of events, as stored. */
export type Destination = FindDestinationRow;

/** Each failed try means that another request has changed the destination: more are a fault. */
const TRIES_MAX = 100;

/**
 * The number of the next try to change a destination, after another request has changed it; throws
 * after the last try.
 */
export const nextTry = (tries: number): number => {
  if (tries < TRIES_MAX) return tries + 1;
  throw new Error(`other requests have changed the destination before each of ${tries} tries`);
};

/** How long the previous secret still signs, so that receivers have time to switch. */
const ROTATION_MS = 24 * 60 * 60 * 1_000;

/** The secrets that sign at a time, the newest first. */
const secretsOf = (destination: Destination, now: Date): string[] => {
  const { secret, previousSecret, secretChangedAt } = destination;
  const isRotating =
    secretChangedAt !== null && now.getTime() - secretChangedAt.getTime() < ROTATION_MS;
  return [secret, isRotating ? previousSecret : null].filter((each) => each !== null);
};

/**
 * Opens the channel to a destination and returns the retry policy of its kind. The client of a kind
 * is loaded when it is first needed, so that a start without destinations is quicker.
 */
export const openChannel = async (
  destination: Destination,
  allowPrivate: boolean,
  timeoutMs?: number,
): Promise<{ channel: Channel; retry: RetryPolicy }> => {
  const { kind, url, secret, ca } = destination;
  const limits = timeoutMs === undefined ? {} : { timeoutMs };
  if (kind === 'nats') {
    const { openNats } = await import('./nats/nats.ts');
    return { channel: openNats({ url, token: secret, ...limits }), retry: NATS_RETRY };
  }
  if (kind === 'kafka') {
    const { openKafka } = await import('./kafka/kafka.ts');
    return { channel: openKafka({ url, secret, ca, ...limits }), retry: KAFKA_RETRY };
  }
  const { openWebhook } = await import('./webhook/webhook.ts');
  const secretsAt = (time: Date) => secretsOf(destination, time);
  return {
    channel: openWebhook({ url, secretsAt, allowPrivate, ...limits }),
    retry: WEBHOOK_RETRY,
  };
};

/** A field of a request and its error. */
interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

const SCHEMES = { webhook: ['http:', 'https:'], nats: ['nats:', 'tls:'] } as const;
const SECRET_BYTES = { min: 24, max: 64 };

/**
 * The errors of a destination: address and secret must match its kind. NATS and Kafka belong to the
 * shop and may have a private address; a webhook may belong to a third party.
 */
export const errorsIn = (
  { kind, url, secret, ca }: Pick<Destination, 'kind' | 'url' | 'secret' | 'ca'>,
  allowPrivate: boolean,
): FieldError[] => {
  if (kind === 'kafka') return errorsInKafka({ url, secret, ca });
  const needless = { pointer: '/ca', message: 'is only for the kind kafka' };
  const errors = ca === null ? [] : [needless];
  if (kind === 'nats') return [...urlErrors(SCHEMES.nats, url, true), ...errors];
  const wrongSecret = {
    pointer: '/secret',
    message: 'must be `whsec_` and 24 to 64 bytes in base64',
  };
  return [
    ...urlErrors(SCHEMES.webhook, url, allowPrivate),
    ...(isSigningSecret(secret) ? [] : [wrongSecret]),
    ...errors,
  ];
};

/** The fields of a change that decide about its errors. */
interface ChangedFields {
  readonly url?: string;
  readonly secret?: string;
  readonly ca?: string | null;
}

/**
 * The errors of a change. The secret of NATS or Kafka goes to the server, so whoever changes where
 * it goes, or whose certificates are believed, must know it. A webhook's secret is never sent and
 * may stay.
 */
export const errorsInChange = (
  found: Destination,
  { url = found.url, secret, ca = found.ca }: ChangedFields,
  allowPrivate: boolean,
): FieldError[] => {
  const isMoved = found.kind !== 'webhook' && (url !== found.url || ca !== found.ca);
  const movesSecret = isMoved && found.secret !== null && secret === undefined;
  const { kind } = found;
  return [
    ...errorsIn({ kind, url, secret: secret ?? found.secret, ca }, allowPrivate),
    ...(movesSecret ? [{ pointer: '/secret', message: AGAIN }] : []),
  ];
};

const AGAIN = 'is required again for a new address';

const urlErrors = (
  schemes: readonly string[],
  url: string,
  allowPrivate: boolean,
): FieldError[] => {
  const wrong = (message: string) => [{ pointer: '/url', message }];
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === '') return wrong('must be a URL with a host');
  if (!schemes.includes(parsed.protocol))
    return wrong(`must begin with ${schemes.join('// or ')}//`);
  if (parsed.username !== '' || parsed.password !== '') {
    return wrong('must not contain a user or password; use `secret`');
  }
  if (!allowPrivate && isPrivateLiteral(url)) return wrong('must be a public address');
  return [];
};

/** Standard Webhooks 1.0.0, "Signature scheme". */
const isSigningSecret = (secret: string | null): boolean => {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret ?? '')?.[1];
  if (encoded === undefined || encoded.length % 4 !== 0) return false;
  const { length } = Buffer.from(encoded, 'base64');
  return length >= SECRET_BYTES.min && length <= SECRET_BYTES.max;
};
