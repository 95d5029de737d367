import type { Answer } from './client.ts';

/** An answer, and how long the client waited for it. */
export interface Timed {
  readonly answer: Answer;
  readonly tookMs: number;
}

/** Measures how long a call takes. */
export const timed = async (call: Promise<Answer>): Promise<Timed> => {
  const started = performance.now();
  const answer = await call;
  return { answer, tookMs: performance.now() - started };
};

/** How much later than its limit an answer may reach a client on a busy machine. */
export const LATE_MS = 500;
