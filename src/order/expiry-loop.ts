import { serverKey, type GroupCommit } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { startLoop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event } from '../journal/index.ts';
import { decideExpiry } from './expiry.ts';
import { locksOfOrder } from './locks.ts';
import { findDueOrders } from './queries.gen.ts';

/** How often to poll for reservations that end soon; a poll reads an index. */
const POLL_EVERY_MS = 500;
/** Few at a time, so that sales that arrive meanwhile do not wait behind thousands. */
const ORDERS_MAX = 200;

export interface Expiry {
  /** Ends one reservation, if its time is over; answers how many it ended. */
  readonly expire: (orderId: string) => Promise<number>;
  /** Stops looking, once a round that has begun is over. */
  readonly stop: () => Promise<void>;
}

/**
 * Ends reservations when their time is over, in every process: two that find the same order take
 * turns at its row, and the second finds nothing to do. Until then an order is pending for every
 * read, and its stock reserved.
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

  let timer: NodeJS.Timeout | undefined;
  const runOnce = async (): Promise<boolean> => {
    const found = await findDueOrders(db, { withinMs: POLL_EVERY_MS, limit: ORDERS_MAX });
    const due = found.filter(({ waitMs }) => waitMs <= 0);
    await Promise.all(due.map(({ orderId }) => expire(orderId)));
    clearTimeout(timer);
    const next = found[due.length];
    if (next !== undefined) timer = setTimeout(loop.wake, next.waitMs).unref();
    return due.length === ORDERS_MAX;
  };

  const loop = startLoop({ runOnce, everyMs: POLL_EVERY_MS, onFault });
  return {
    expire,
    stop: async () => {
      clearTimeout(timer);
      await loop.stop();
    },
  };
};
