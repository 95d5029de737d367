import { startLoop, type Loop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import { forgetEffects } from './queries.gen.ts';

/** Clients may send a key again for 15 days; the day more is for clocks that disagree. */
const KEPT_MS = 16 * 24 * 60 * 60 * 1_000;
const ROUND_EVERY_MS = 60 * 60 * 1_000;
/** Keys in one short transaction: fewer than a second's worth of effects. */
const KEYS_MAX = 5_000;

/** Forgets effects whose keys are too old to be sent again; in every process, each some of them. */
export const startRetention = (db: Queryable, onFault: (error: unknown) => void): Loop =>
  startLoop({
    runOnce: async () => {
      const olderThan = new Date(Date.now() - KEPT_MS);
      return (await forgetEffects(db, { olderThan, limit: KEYS_MAX })) === KEYS_MAX;
    },
    everyMs: ROUND_EVERY_MS,
    onFault,
  });
