/** The time that is left until `at`, by the clock of the service; never negative. */
export const remainingMs = (at: string, now: number): number => Math.max(0, Date.parse(at) - now);

/** The part of a reservation that is left, from 1 to 0. */
export const remainingPart = (
  { createdAt, expiresAt }: { readonly createdAt: string; readonly expiresAt: string },
  leftMs: number,
): number => {
  const whole = Date.parse(expiresAt) - Date.parse(createdAt);
  return whole <= 0 ? 0 : Math.min(1, leftMs / whole);
};

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:59`, and with hours `1:02:03`. A second that has begun counts whole. */
export const clockText = (leftMs: number): string => {
  const seconds = Math.ceil(leftMs / 1_000);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = two(seconds % 60);
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${two(minutes)}:${rest}`;
};

/** `Date` names a second (RFC 9110 §6.6.1); the answer was made somewhere in it. */
const DATE_MS = 1_000;

/**
 * How far the clock of the service is ahead of the browser's, by the `Date` of one answer; 0 when
 * the difference is no larger than what this measures.
 */
export const offsetOf = (answer: {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly date: string | null;
}): number => {
  const at = Date.parse(answer.date ?? '');
  if (Number.isNaN(at)) return 0;
  const middle = (answer.sentAt + answer.receivedAt) / 2;
  const offset = at + DATE_MS / 2 - middle;
  const blur = DATE_MS / 2 + (answer.receivedAt - answer.sentAt) / 2;
  return Math.abs(offset) <= blur ? 0 : Math.round(offset);
};
