/** A span of time in one unit, as large as fits. */
export interface Span {
  readonly value: number;
  readonly unit: 'second' | 'minute' | 'hour' | 'day';
}

/** The span in seconds in the largest unit that it fills; undefined below one second. */
export const spanOf = (seconds: number): Span | undefined => {
  if (seconds < 1) return undefined;
  if (seconds < 60) return { value: Math.floor(seconds), unit: 'second' };
  if (seconds < 3_600) return { value: Math.floor(seconds / 60), unit: 'minute' };
  if (seconds < 86_400) return { value: Math.floor(seconds / 3_600), unit: 'hour' };
  return { value: Math.floor(seconds / 86_400), unit: 'day' };
};

/** The time until `at` as a clock shows it, `0:42` or `1:03:00`; undefined when it is over. */
export const clockUntil = (at: string, now: number): string | undefined => {
  const left = Math.ceil((Date.parse(at) - now) / 1_000);
  if (left <= 0) return undefined;
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(left / 3_600), Math.floor(left / 60) % 60];
  const tail = pad(left % 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${tail}` : `${minutes}:${tail}`;
};

const FASTEST_MS = 3_000;
/** One page asks for the state of destinations at most this often. */
const STATES_PER_SECOND = 8;

/** How often the state of each shown destination is read. */
export const pollEveryMs = (destinations: number): number =>
  Math.max(FASTEST_MS, Math.ceil((destinations * 1_000) / STATES_PER_SECOND));
