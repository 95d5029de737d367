/** What a fault did to sales. */
export interface Effect {
  /** The longest time without an answered order. */
  readonly gapSeconds: number;
  /** The time from the fault until orders were answered as fast as before; undefined if never. */
  readonly fullSpeedSeconds: number | undefined;
}

const SECOND_MS = 1_000;
/** Full speed: this share of the orders of a second before the fault. */
const FULL = 0.8;

/** The middle value; 0 without values. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The number of times in each second from `begin`, `seconds` times. */
const perSecond = (times: readonly number[], begin: number, seconds: number): number[] => {
  const counts = Array.from({ length: seconds }, () => 0);
  for (const at of times) {
    const second = Math.floor((at - begin) / SECOND_MS);
    if (second >= 0 && second < seconds) counts[second] = counts[second]! + 1;
  }
  return counts;
};

/** The orders of a second, at the median of the seconds from `begin` to `end`. */
export const rateBetween = (times: readonly number[], begin: number, end: number): number =>
  median(perSecond(times, begin, Math.floor((end - begin) / SECOND_MS)));

/**
 * The effect of a fault at `faultAt` on the times of answered orders up to `end`, against the rate
 * before. Full speed counts from the end of the first second that has it.
 */
export const effectOf = (
  times: readonly number[],
  faultAt: number,
  end: number,
  rateBefore: number,
): Effect => {
  const after = times.filter((at) => at >= faultAt && at <= end).toSorted((a, b) => a - b);
  const edges = [faultAt, ...after, end];
  const gaps = edges.slice(1).map((at, index) => at - edges[index]!);
  const gapMs = Math.max(...gaps);
  const gapEnd = edges[gaps.indexOf(gapMs) + 1]!;
  const seconds = Math.floor((end - gapEnd) / SECOND_MS);
  const counts = perSecond(after, gapEnd, seconds);
  const full = counts.findIndex((count) => count >= FULL * rateBefore);
  return {
    gapSeconds: gapMs / SECOND_MS,
    fullSpeedSeconds: full === -1 ? undefined : (gapEnd - faultAt) / SECOND_MS + full + 1,
  };
};
