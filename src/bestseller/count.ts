import type { Queryable } from '../database/statement.ts';
import { countChanges, countWindow, type CountWindowRow } from './queries.gen.ts';
import { createWindow, type Sales, type Window } from './window.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The maximum age of a count that is updated. Sales are kept a day longer than any window. */
const CHANGES_MS = HOUR_MS;

/** The sales of all paid orders with `from` < paidAt <= `to`. */
export interface Count {
  readonly from: Date;
  readonly to: Date;
  readonly window: Window;
  /** The position up to which events are counted, in one build of the sales. */
  readonly position: number;
  readonly build: number;
}

const before = (time: Date, ms: number): Date => new Date(time.getTime() - ms);

const startOfDay = (time: Date): Date => new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);

/** The cursor, which every row repeats. */
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

/** Counts a window from the sums of days and, at its edges, from sales. */
const countAnew = async (db: Queryable, from: Date, to: Date): Promise<Count> => {
  // If a day begins at `from`, its first millisecond is outside the window.
  const firstDay = new Date(startOfDay(from).getTime() + DAY_MS);
  const rows = await countWindow(db, { from, firstDay, endDay: startOfDay(to), to });
  const window = createWindow();
  window.change(salesOf(rows));
  return { from, to, window, ...cursorOf(rows) };
};

/**
 * The sales of `days` days up to an instant, in one snapshot of the database. With an earlier count
 * of the same number of days, only the changes are read, and that count must not be used again.
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
  // The sales were rebuilt, or an older copy of the database was restored.
  const isOther = cursor.build !== last.build || cursor.position < last.position;
  if (isOther) return countAnew(db, from, to);
  last.window.change(salesOf(rows));
  return { from, to, window: last.window, ...cursor };
};
