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

const FASTEST_MS = 3_000;
/** One page asks for the state of destinations at most this often. */
const STATES_PER_SECOND = 8;

/** How often the state of each shown destination is read. */
export const pollEveryMs = (destinations: number): number =>
  Math.max(FASTEST_MS, Math.ceil((destinations * 1_000) / STATES_PER_SECOND));
