import { serverKey, type GroupCommit } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { startLoop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event } from '../journal/index.ts';
import { decideExpiry } from './expiry.ts';
import { locksOfOrder } from './locks.ts';
import { findDueOrders } from './queries.gen.ts';

/** The interval of the polls for reservations that end soon; a poll reads an index. */
const POLL_EVERY_MS = 500;
/** Expiries per round, so that concurrent sales do not wait behind thousands of them. */
const ORDERS_MAX = 200;

export interface Expiry {
  /** Expires one order if it is due; returns the number of expired orders. */
  readonly expire: (orderId: string) => Promise<number>;
  /** Stops polling after the current round. */
  readonly stop: () => Promise<void>;
}

/**
 * Expires pending orders when due, in every process: two processes that find the same order lock
 * its row in turn, and the second changes nothing. Until the expiry is recorded, reads show the
 * order as pending and its stock as reserved.
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
    const expired = await Promise.all(due.map(({ orderId }) => expire(orderId)));
    clearTimeout(timer);
    const next = found[due.length];
    if (next !== undefined) timer = setTimeout(loop.wake, next.waitMs).unref();
    return expired.reduce((sum, count) => sum + count, 0) === ORDERS_MAX;
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

/** How long ago the oldest order that is still pending should have expired, in milliseconds. */
export const readExpiryLag = async (db: Queryable): Promise<number> => {
  const [oldest] = await findDueOrders(db, { withinMs: 0, limit: 1 });
  return Math.max(0, -(oldest?.waitMs ?? 0));
};
