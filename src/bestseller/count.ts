import type { Queryable } from '../database/statement.ts';
import { countChanges, countWindow, type CountWindowRow } from './queries.gen.ts';
import { createWindow, type Sales, type Window } from './window.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Sales remain for a day after the longest window has passed; changes are counted well within. */
const CHANGES_MS = HOUR_MS;

/** The sales of all paid orders with `from` < paidAt <= `to`. */
export interface Count {
  readonly from: Date;
  readonly to: Date;
  readonly window: Window;
  /** The events that are counted: those up to a position, in one build of the sales. */
  readonly position: number;
  readonly build: number;
}

const before = (time: Date, ms: number): Date => new Date(time.getTime() - ms);

const startOfDay = (time: Date): Date => new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);

/** What the first row says of the cursor; the others repeat it. */
const cursorOf = ([row]: readonly CountWindowRow[]): { position: number; build: number } => {
  if (row === undefined) throw new Error('the journal has no cursor of the best sellers');
  return { position: row.position, build: row.build };
};

const salesOf = (rows: readonly CountWindowRow[]): Sales[] =>
  rows.flatMap(({ productId, units, revenue, orders }) =>
    productId === null || units === null || revenue === null || orders === null
      ? []
      : [{ productId, units, revenue: BigInt(revenue), orders }],
  );

/** Counts a window from the sales of days and, at its edges, of milliseconds. */
const countAnew = async (db: Queryable, from: Date, to: Date): Promise<Count> => {
  // A day that begins at `from` itself has its first millisecond outside.
  const firstDay = new Date(startOfDay(from).getTime() + DAY_MS);
  const rows = await countWindow(db, { from, firstDay, endDay: startOfDay(to), to });
  const window = createWindow();
  window.change(salesOf(rows));
  return { from, to, window, ...cursorOf(rows) };
};

/**
 * The sales of so many days up to an instant, as of one snapshot of the database. With an earlier
 * count of so many days only what has changed since is read, and that count must not be used again.
 */
export const countSales = async (
  db: Queryable,
  days: number,
  to: Date,
  last?: Count,
): Promise<Count> => {
  const from = before(to, days * DAY_MS);
  const passedMs = last === undefined ? Infinity : to.getTime() - last.to.getTime();
  if (last === undefined || passedMs < 0 || passedMs > CHANGES_MS) return countAnew(db, from, to);
  const rows = await countChanges(db, { ...last, newFrom: from, newTo: to });
  const cursor = cursorOf(rows);
  // The sales were built anew, or the database is a copy that knows less.
  const isOther = cursor.build !== last.build || cursor.position < last.position;
  if (isOther) return countAnew(db, from, to);
  last.window.change(salesOf(rows));
  return { from, to, window: last.window, ...cursor };
};
