import { startDeletion } from '../database/deletion.ts';
import type { Loop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import { deleteEffects } from './queries.gen.ts';

/** Clients may send a key again for 15 days; one more day allows for clock differences. */
const KEPT_MS = 16 * 24 * 60 * 60 * 1_000;
/** Keys that one short transaction deletes: fewer than the effects of a second. */
const KEYS_MAX = 5_000;

/** Starts the hourly deletion of old effects; every process runs it. */
export const startRetention = (db: Queryable, onFault: (error: unknown) => void): Loop =>
  startDeletion({
    deleteSome: (limit) => deleteEffects(db, { olderThan: new Date(Date.now() - KEPT_MS), limit }),
    limit: KEYS_MAX,
    onFault,
  });
