import type { Answer } from './client.ts';

/** An answer and the client's wait for it. */
export interface Timed {
  readonly answer: Answer;
  readonly tookMs: number;
}

/** Measures the duration of a call. */
export const timed = async (call: Promise<Answer>): Promise<Timed> => {
  const started = performance.now();
  const answer = await call;
  return { answer, tookMs: performance.now() - started };
};

/** The extra time after a limit for an answer on a busy machine. */
export const LATE_MS = 1_000;

/** As long as a busy machine may delay everything that waits at the moment. */
export const STALL_MS = 500;
