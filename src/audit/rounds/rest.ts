/** The rest after a step, as a multiple of the step: a fifth of one thread. */
const PAUSE = 4;
/** A round of 10,000 new orders works for less; longer work would be noticed by the requests. */
const BURST_MAX_MS = 4_000;

/**
 * How long a round rests before its next step, in milliseconds. `spentMs` is the work of the round
 * so far and `tookMs` that of the last step. A round that follows the shop does not rest: it may
 * work a fifth of the time between two rounds. A round that catches up rests after each later step,
 * so both use at most a fifth of one processor.
 */
export const restOf = (spentMs: number, tookMs: number, everyMs: number): number =>
  spentMs <= Math.min(BURST_MAX_MS, everyMs / (PAUSE + 1)) ? 0 : tookMs * PAUSE;
