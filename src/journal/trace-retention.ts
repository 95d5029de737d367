import { startDeletion } from '../database/deletion.ts';
import { firstIdOf } from '../database/ids.ts';
import type { Loop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import { deleteTraces } from './queries.gen.ts';

/** Longer than a receiver is usually away; hardly a store of traces keeps them for longer. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;
/** Rows that one short transaction deletes: fewer than the events of a second. */
const ROWS_MAX = 5_000;

/**
 * Starts the hourly deletion of the traces of old events; every process runs it, also when nothing
 * is traced any more.
 */
export const startTraceRetention = (db: Queryable, onFault: (error: unknown) => void): Loop =>
  startDeletion({
    deleteSome: (limit) =>
      deleteTraces(db, { before: firstIdOf(new Date(Date.now() - KEPT_MS)), limit }),
    limit: ROWS_MAX,
    onFault,
  });
