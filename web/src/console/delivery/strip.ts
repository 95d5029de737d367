import type { Attempt } from './queries.ts';

/** As many requests as a strip shows. */
export const STRIP_LENGTH = 24;

/** One request of a strip. */
export interface Tick {
  readonly key: string;
  readonly isDelivered: boolean;
  readonly attempt: Attempt;
}

/**
 * The last requests, oldest first, from attempts that are newest first. An attempt that stands for
 * a series of requests becomes as many ticks.
 */
export const ticksOf = (attempts: readonly Attempt[], length: number = STRIP_LENGTH): Tick[] => {
  const ticks: Tick[] = [];
  for (const attempt of attempts) {
    const count = Math.min(attempt.requests, length - ticks.length);
    for (let index = 0; index < count; index += 1)
      ticks.push({
        key: `${attempt.at} ${attempt.requests - index}`,
        isDelivered: attempt.outcome === 'delivered',
        attempt,
      });
    if (ticks.length === length) break;
  }
  return ticks.toReversed();
};

/** How many requests of a strip arrived and how many did not. */
export const summaryOf = (
  ticks: readonly Tick[],
): { readonly delivered: number; readonly failed: number } => {
  const delivered = ticks.filter(({ isDelivered }) => isDelivered).length;
  return { delivered, failed: ticks.length - delivered };
};
