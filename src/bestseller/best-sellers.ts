import { createRowLoader, shareRunning } from '../database/loader.ts';
import type { Queryable } from '../database/statement.ts';
import type { JournalReader, Subscriber } from '../journal/index.ts';
import { countSales, type Count } from './count.ts';
import { countUndecided, findRefund, readTime } from './queries.gen.ts';
import type { Sales } from './window.ts';

/** The best sellers from `from` (excluded) to `to` (included). */
interface Ranking {
  readonly from: Date;
  readonly to: Date;
  /** The first `PLACES` places. */
  readonly places: readonly Sales[];
}

export interface BestSellers {
  /**
   * The ranking of the last `days` days, up to an instant less than a second before the answer,
   * without sales refunded before the call. Undefined while the recording is far behind the
   * journal.
   */
  readonly read: (days: number) => Promise<Ranking | undefined>;
  /** Evicts windows that were not read for `IDLE_MS`. */
  readonly evictIdle: () => void;
}

/** Places of a ranking: the largest `limit` of a request. */
export const PLACES = 100;

/** Up to this age a ranking is served without computing the next one. */
const FRESH_MS = 100;
/** Up to this age a ranking is served while the next one is computed; beyond it readers wait. */
const SERVED_MS = 250;
/** How long to wait for transactions that began before the instant: longer than a healthy one. */
const TRANSACTIONS_MS = 300;
/** How long a reader waits for sales to be recorded. */
const RECORDING_MS = 5_000;
/** A renewal that was running may be too old, the next may take long; the third is good enough. */
const RENEWALS_MAX = 3;
/** A window that was not read for this long is evicted. */
const IDLE_MS = 900_000;

/** An instant up to which a window can be counted. */
interface Instant {
  readonly to: Date;
  /** Whether an order paid by then may still be in an open transaction. */
  readonly isOpen: boolean;
  /** When the instant was requested, by this process's clock. */
  readonly askedAt: number;
}

/** A cached ranking. */
interface Shown {
  readonly ranking: Ranking;
  /** The position up to which events are counted. */
  readonly position: number;
  /** When its instant was requested. */
  readonly since: number;
}

/** The state of one number of days. */
interface Entry {
  count?: Count;
  shown?: Shown;
  readAt: number;
  /** Computes the next ranking, once at a time. */
  readonly renew: () => Promise<Shown | undefined>;
}

/**
 * Serves rankings from running windows in memory, one for each requested number of days. Changes
 * update a window, so the cost of a read does not depend on the number of orders.
 */
export const createBestSellers = (
  db: Queryable,
  reader: JournalReader,
  subscriber: Pick<Subscriber, 'catchUp'>,
): BestSellers => {
  const entries = new Map<number, Entry>();
  const findRefundBeyond = createRowLoader(
    (positions) => findRefund(db, { positions: positions.map(Number) }),
    ({ position }) => String(position),
  );
  /** A refund changes past sales, so a ranking without it must not be served after its answer. */
  const isRefundedSince = async ({ position }: Shown): Promise<boolean> =>
    (await findRefundBeyond(String(position))) !== undefined;

  const findInstant = shareRunning(async (): Promise<Instant | undefined> => {
    const askedAt = performance.now();
    const { position, time, isCurrent } = await reader.findFrontier(TRANSACTIONS_MS);
    if (!(await subscriber.catchUp(position, RECORDING_MS))) return undefined;
    if (isCurrent) return { to: time, isOpen: false, askedAt };
    // A longer transaction does not delay the ranking: committed sales count now, and the
    // transaction's sales count after its commit.
    const now = await readTime(db);
    return { to: now?.time ?? time, isOpen: true, askedAt: performance.now() };
  });

  const renew = async (days: number, entry: Entry): Promise<Shown | undefined> => {
    const instant = await findInstant();
    if (instant === undefined) return undefined;
    const { to, isOpen, askedAt: since } = instant;
    const count = await countSales(db, days, to, entry.count);
    entry.count = count;
    const places = isOpen ? await rankOpen(db, count) : count.window.top(PLACES);
    const { from, position } = count;
    entry.shown = { ranking: { from, to, places }, position, since };
    return entry.shown;
  };

  const entryOf = (days: number): Entry => {
    const known = entries.get(days);
    if (known !== undefined) return known;
    const entry: Entry = { readAt: 0, renew: shareRunning(() => renew(days, entry)) };
    entries.set(days, entry);
    return entry;
  };

  return {
    read: async (days) => {
      const entry = entryOf(days);
      const arrivedAt = performance.now();
      entry.readAt = arrivedAt;
      let { shown } = entry;
      for (let renewals = 0; ; renewals++) {
        const ageMs = performance.now() - (shown?.since ?? -Infinity);
        // Recording, or the first count of a window, may take longer than `SERVED_MS`.
        const isGood = ageMs < SERVED_MS || renewals >= RENEWALS_MAX;
        const isNew = shown !== undefined && shown.since >= arrivedAt;
        if (shown !== undefined && isGood && (isNew || !(await isRefundedSince(shown)))) {
          if (ageMs > FRESH_MS) entry.renew().catch(() => undefined);
          return shown.ranking;
        }
        shown = await entry.renew();
        if (shown === undefined) return undefined;
      }
    },

    evictIdle: () => {
      const oldest = performance.now() - IDLE_MS;
      for (const [days, { readAt }] of entries) if (readAt < oldest) entries.delete(days);
    },
  };
};

/** The places with committed sales that are not recorded; leaves the window unchanged. */
const rankOpen = async (db: Queryable, { window, position, from, to }: Count) => {
  const undecided = await countUndecided(db, { position, from, to });
  const sales = undecided.map((row): Sales => ({ ...row, revenue: BigInt(row.revenue) }));
  window.change(sales);
  const places = window.top(PLACES);
  window.change(
    sales.map(({ productId, units, revenue, orders }) => ({
      productId,
      units: -units,
      revenue: -revenue,
      orders: -orders,
    })),
  );
  return places;
};
