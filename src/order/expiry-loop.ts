import { serverKey, type GroupCommit } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { startLoop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event } from '../journal/index.ts';
import { decideExpiry } from './expiry.ts';
import { locksOfOrder } from './locks.ts';
import { findDueOrders } from './queries.gen.ts';

/** How long stock may stay reserved after its time; looking costs one read of an index. */
const LOOK_EVERY_MS = 500;
/** Few at a time, so that sales that arrive meanwhile do not wait behind thousands. */
const ORDERS_MAX = 200;

export interface Expiry {
  /** Ends one reservation, if its time is over; answers how many it ended. */
  readonly expire: (orderId: string) => Promise<number>;
  /** Ends up to so many reservations whose time is over; answers how many it ended. */
  readonly runOnce: () => Promise<number>;
  /** Stops looking, once a round that has begun is over. */
  readonly stop: () => Promise<void>;
}

/**
 * Ends reservations whose time is over, in every process: two that find the same order take turns
 * at its row, and the second finds nothing to do.
 */
export const startExpiry = (
  commit: GroupCommit<Event, Refusal>,
  db: Queryable,
  onFault: (error: unknown) => void,
): Expiry => {
  const expire = async (orderId: string): Promise<number> => {
    const locks = locksOfOrder(orderId);
    const outcome = await commit.submit({
      operation: 'expireOrder',
      key: serverKey(),
      locks: [locks.order, locks.buyer, locks.products],
      decide: (rows, time) => decideExpiry({ orderId }, rows, time),
    });
    return outcome.kind === 'accepted' && outcome.changed ? 1 : 0;
  };

  const runOnce = async (): Promise<number> => {
    const due = await findDueOrders(db, { limit: ORDERS_MAX });
    const ended = await Promise.all(due.map(({ orderId }) => expire(orderId)));
    return ended.reduce((sum, count) => sum + count, 0);
  };

  const loop = startLoop({
    runOnce: async () => (await runOnce()) === ORDERS_MAX,
    everyMs: LOOK_EVERY_MS,
    onFault,
  });
  return { expire, runOnce, stop: loop.stop };
};
