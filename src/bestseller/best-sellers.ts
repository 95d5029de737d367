import { createRowLoader } from '../database/loader.ts';
import type { Queryable } from '../database/statement.ts';
import type { JournalReader, Subscriber } from '../journal/index.ts';
import { countSales, type Count } from './count.ts';
import { countUndecided, findRefund, readTime } from './queries.gen.ts';
import type { Sales } from './window.ts';

/** The best sellers of the time from `from` (excluded) to `to` (included). */
interface Ranking {
  readonly from: Date;
  readonly to: Date;
  /** The first `PLACES` places. */
  readonly places: readonly Sales[];
}

export interface BestSellers {
  /**
   * The ranking of so many days, up to an instant that lies less than a second before the answer,
   * less everything that was refunded before the call. Nothing while the sales are still being
   * recorded from a journal that is far ahead.
   */
  readonly read: (days: number) => Promise<Ranking | undefined>;
  /** Lets go of windows that nobody asks for. */
  readonly forgetIdle: () => void;
}

/** Places that a ranking holds: as many as can be asked for. */
export const PLACES = 100;

/** A ranking is good for so long without a look at the database. */
const FRESH_MS = 100;
/** After that it is renewed while readers still get it; from here on they wait for the new one. */
const SERVED_MS = 250;
/** What a healthy transaction takes; how long we wait for those before the instant to end. */
const TRANSACTIONS_MS = 300;
/** How long a reader waits for sales to be recorded. */
const RECORDING_MS = 5_000;
/** One that was under way may miss what we wait for; another may take long; the third is good. */
const RENEWALS_MAX = 3;
/** A window is counted anew when it is asked for again after this. */
const IDLE_MS = 900_000;

/** An instant up to which a window can be counted. */
interface Instant {
  readonly to: Date;
  /** Whether an order that is paid by then may still be in a transaction that runs. */
  readonly isOpen: boolean;
  /** When we asked for it, by this process's clock. */
  readonly askedAt: number;
}

/** A ranking as it is shown for a while. */
interface Shown {
  readonly ranking: Ranking;
  /** The events that are counted in it. */
  readonly position: number;
  /** When its instant was asked for. */
  readonly since: number;
}

/** One length of time that somebody asks for. */
interface Entry {
  count?: Count;
  shown?: Shown;
  readAt: number;
  renewing: Promise<Shown | undefined> | undefined;
}

/**
 * Running windows, one for each number of days that is asked for, kept in memory and brought up to
 * date by what has changed: so a read costs the same however many orders there are.
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
  /** A refund has no place in time, so it is out of every ranking as soon as it is answered. */
  const isRefundedSince = async ({ position }: Shown): Promise<boolean> =>
    (await findRefundBeyond(String(position))) !== undefined;
  let finding: Promise<Instant | undefined> | undefined;

  const findInstant = async (): Promise<Instant | undefined> => {
    const askedAt = performance.now();
    const { position, time, isCurrent } = await reader.findFrontier(TRANSACTIONS_MS);
    if (!(await subscriber.catchUp(position, RECORDING_MS))) return undefined;
    if (isCurrent) return { to: time, isOpen: false, askedAt };
    // A transaction that takes longer does not make us show old figures: what is committed counts,
    // and what it commits will count when it does.
    const now = await readTime(db);
    return { to: now?.time ?? time, isOpen: true, askedAt: performance.now() };
  };

  const renew = async (days: number, entry: Entry): Promise<Shown | undefined> => {
    finding ??= findInstant().finally(() => (finding = undefined));
    const instant = await finding;
    if (instant === undefined) return undefined;
    const { to, isOpen, askedAt: since } = instant;
    const count = await countSales(db, days, to, entry.count);
    entry.count = count;
    const places = isOpen ? await rankOpen(db, count) : count.window.top(PLACES);
    const { from, position } = count;
    entry.shown = { ranking: { from, to, places }, position, since };
    return entry.shown;
  };

  const startRenewal = (days: number, entry: Entry): Promise<Shown | undefined> =>
    (entry.renewing ??= renew(days, entry).finally(() => (entry.renewing = undefined)));

  const entryOf = (days: number): Entry => {
    const known = entries.get(days);
    if (known !== undefined) return known;
    const entry: Entry = { readAt: 0, renewing: undefined };
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
        // To record, or to count a window for the first time, may take longer than it is good for.
        const isGood = ageMs < SERVED_MS || renewals >= RENEWALS_MAX;
        const isNew = shown !== undefined && shown.since >= arrivedAt;
        if (shown !== undefined && isGood && (isNew || !(await isRefundedSince(shown)))) {
          if (ageMs > FRESH_MS) startRenewal(days, entry).catch(() => undefined);
          return shown.ranking;
        }
        shown = await startRenewal(days, entry);
        if (shown === undefined) return undefined;
      }
    },

    forgetIdle: () => {
      const oldest = performance.now() - IDLE_MS;
      for (const [days, { readAt }] of entries) if (readAt < oldest) entries.delete(days);
    },
  };
};

/** The places with what is committed but not recorded: the window itself stays as it is. */
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
