import { startLoop, type Loop } from './loop.ts';

const ROUND_EVERY_MS = 60 * 60 * 1_000;

interface Deletion {
  /** Deletes at most `limit` rows that are due, in one short transaction; returns their number. */
  readonly deleteSome: (limit: number) => Promise<number>;
  readonly limit: number;
  readonly onFault: (error: unknown) => void;
}

/** Starts the hourly deletion of rows that are due; every process may run it. */
export const startDeletion = ({ deleteSome, limit, onFault }: Deletion): Loop =>
  startLoop({
    runOnce: async () => (await deleteSome(limit)) === limit,
    everyMs: ROUND_EVERY_MS,
    onFault,
  });
