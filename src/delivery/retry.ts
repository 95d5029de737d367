/** The pause after a failed attempt. */
export interface RetryPolicy {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * Starts like the schedule of the Standard Webhooks specification ("Retry schedule": 5 seconds,
 * then 5 minutes) and stays there: events keep their order, so a recovered destination must not
 * wait for hours for its first event.
 */
export const WEBHOOK_RETRY: RetryPolicy = { firstMs: 5_000, mostMs: 300_000 };

/** Shorter than the duplicate window of the stream (`openNats`). */
export const NATS_RETRY: RetryPolicy = { firstMs: 1_000, mostMs: 30_000 };

/** A broker that starts again, or a new leader, is there within seconds. */
export const KAFKA_RETRY: RetryPolicy = { firstMs: 1_000, mostMs: 30_000 };

/** The maximum that a destination may ask for. */
const RETRY_AFTER_MAX_MS = 24 * 60 * 60 * 1_000;

/**
 * The pause after a number of consecutive failures, in milliseconds: doubled with each failure,
 * then a random time between half and all of that, so that senders that failed together do not
 * retry together (exponential back-off with equal jitter, Marc Brooker, AWS Architecture Blog,
 * 2015).
 */
export const pauseAfter = (
  failures: number,
  { firstMs, mostMs }: RetryPolicy,
  random: () => number = Math.random,
): number => {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (0.5 + random() / 2));
};

/**
 * The time of a `Retry-After` header, in seconds from now or as a date (RFC 9110 §10.2.3), at most
 * a day away; undefined without a valid header.
 */
export const readRetryAfter = (header: string | undefined, now: Date): Date | undefined => {
  if (header === undefined) return undefined;
  const isSeconds = /^\d{1,9}$/.test(header);
  const isDate = /^[A-Z][a-z]+, .* GMT$/.test(header);
  const ms = isSeconds ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  if (!(isSeconds || isDate) || Number.isNaN(ms)) return undefined;
  return new Date(now.getTime() + Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS));
};
