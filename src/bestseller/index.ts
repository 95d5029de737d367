import type { Pool } from 'pg';
import { startLoop } from '../database/loop.ts';
import type { Route } from '../contract/index.ts';
import type { JournalReader } from '../journal/index.ts';
import { createBestSellers } from './best-sellers.ts';
import { deleteUnused } from './deletion.ts';
import { countUnits } from './queries.gen.ts';
import { createRecording } from './recording.ts';
import { bestSellerRoutes, createListReader } from './routes.ts';

export { RebuildReplaced, rebuildBestSellers } from './rebuild.ts';
export { createRecording } from './recording.ts';

/** A read records the missing sales itself; this interval bounds their number. */
const RECORD_EVERY_MS = 200;
const DELETE_EVERY_MS = 60_000;

export interface BestSellerModule {
  readonly routes: readonly Route[];
  /** The list that the route answers, by default that of a request without a query. */
  readonly readList: ReturnType<typeof createListReader>;
  /** The units of the orders that were paid in the last seconds, without refunded ones. */
  readonly countUnits: (seconds: number) => Promise<number>;
  /** Stops recording and deleting after the current rounds. */
  readonly stop: () => Promise<void>;
}

/** Records sales in the background, in every process, and serves the best sellers. */
export const startBestSellers = (
  pool: Pool,
  reader: JournalReader,
  currency: string,
  onFault: (error: unknown) => void,
): BestSellerModule => {
  const recording = createRecording(pool, reader);
  const bestSellers = createBestSellers(pool, reader, recording);
  const loops = [
    startLoop({ runOnce: recording.runOnce, everyMs: RECORD_EVERY_MS, onFault }),
    startLoop({
      runOnce: () => {
        bestSellers.evictIdle();
        return deleteUnused(pool);
      },
      everyMs: DELETE_EVERY_MS,
      onFault,
    }),
  ];
  const readList = createListReader(bestSellers, pool, currency);
  return {
    routes: bestSellerRoutes(readList),
    readList,
    countUnits: async (seconds) => Math.max(0, (await countUnits(pool, { seconds }))?.units ?? 0),
    stop: async () => {
      await Promise.all(loops.map(({ stop }) => stop()));
    },
  };
};
