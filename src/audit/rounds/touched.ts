import type { Queryable } from '../../database/statement.ts';
import { LOGS, TABLES } from '../../shop/index.ts';
import { compareRows, type Checked, type Violation } from '../difference.ts';
import { ORDERS, isUuid, type KeptRow, type KeptRows } from '../kept.ts';
import { STORED, withoutEqual, type Stored } from '../stored.ts';
import type { FoldedEvents } from './fold-events.ts';
import { findRepeatedEffects } from './queries.gen.ts';

/** Rows per statement. */
const PAGE = 2_000;
/** Rows of a table in memory; the scrub visits the others. */
const TOUCHED_MAX = 20_000;

const TRANSFERS = LOGS.transfers.name;
/** Each can have 40 KB of metadata. */
const DESCRIPTIONS_MAX = 2_000;
const DESCRIPTIONS = TABLES.descriptions.name;
const storedOf = new Map(Object.values(STORED).map((stored) => [stored.name, stored]));

/** Compares folded rows with the stored rows with the same keys. */
const compare = async (
  db: Queryable,
  stored: Stored,
  rows: readonly KeptRow[],
): Promise<Checked> => {
  const { table, name, isKeyedByUuid, keyOf, find } = stored;
  // A text that is no UUID cannot be in a column of UUIDs.
  const isFindable = (row: object): boolean => !isKeyedByUuid || isUuid(keyOf(row));
  const keys: string[] = [];
  const violations: Violation[] = [];
  for (let begin = 0; begin < rows.length; begin += PAGE) {
    const page = rows
      .slice(begin, begin + PAGE)
      .flatMap(({ row, position }) => (row === undefined ? [] : [{ row, position }]));
    const findable = page.filter(({ row }) => isFindable(row));
    const unequal = await withoutEqual(
      db,
      stored,
      findable.map(({ row }) => row),
    );
    const found = unequal.length === 0 ? [] : await find(db, unequal);
    const byKey = new Map(found.map((row) => [keyOf(row), row]));
    const isUnequal = new Set(unequal);
    for (const { row, position } of page) {
      const key = keyOf(row);
      keys.push(key);
      if (isFindable(row) && !isUnequal.has(row)) continue;
      const violation = compareRows(table, key, row, byKey.get(key), position);
      if (violation !== undefined) violations.push(violation);
    }
  }
  return { part: name, keys, violations };
};

/** A charge, a withdrawal or a payment that has happened twice (O3). */
const findRepeated = async (
  db: Queryable,
  transfers: FoldedEvents['transfers'],
): Promise<Checked> => {
  const rows = transfers.map(({ row }) => row);
  const userIds = rows.map(({ userId }) => userId);
  const numbers = rows.map(({ number }) => number);
  const repeated = await findRepeatedEffects(db, { userIds, numbers });
  return {
    part: 'wallet.references',
    keys: [],
    violations: repeated.map(({ userId, number, kind, reference }) => ({
      part: 'wallet.references',
      key: `${userId} ${number}`,
      invariants: ['O3'],
      kind: 'wallet',
      subject: userId,
      expected: null,
      found: { number, kind, reference },
      since:
        transfers.find(({ row }) => row.userId === userId && row.number === number)?.position ??
        null,
    })),
  };
};

/** The rows that the events of a round have changed, until they are compared. */
export const createTouched = () => {
  const touched: KeptRows = new Map();
  /** The orders of the last step; those before were compared after their own steps. */
  let fresh: ReadonlyMap<string, KeptRow> = new Map();

  return {
    /** Adds the changes of some events, and compares what no later event can change: transfers. */
    add: async (db: Queryable, { changed, transfers }: FoldedEvents): Promise<Checked[]> => {
      fresh = changed.get(ORDERS) ?? new Map();
      for (const [name, rows] of changed) {
        if (name === TRANSFERS) continue;
        const known = touched.get(name) ?? new Map<string, KeptRow>();
        touched.set(name, known);
        for (const [key, row] of rows) known.set(key, row);
      }
      if (transfers.length === 0) return [];
      const compared = await compare(db, STORED.transfers, transfers);
      return [compared, await findRepeated(db, transfers)];
    },

    /**
     * While later events are still to be folded: drops the step's orders that are equal to their
     * rows, which have no later events, and the rows of tables with too many.
     */
    dropEqual: async (db: Queryable): Promise<void> => {
      const orders = touched.get(ORDERS);
      if (orders !== undefined) {
        const { keys, violations } = await compare(db, STORED.orders, [...fresh.values()]);
        const differing = new Set(violations.map(({ key }) => key));
        for (const key of keys) if (!differing.has(key)) orders.delete(key);
      }
      for (const [name, rows] of touched) {
        if (rows.size > (name === DESCRIPTIONS ? DESCRIPTIONS_MAX : TOUCHED_MAX)) rows.clear();
      }
    },

    /** Compares all rows; for the snapshot in which every event was folded. */
    compareAll: async (db: Queryable): Promise<Checked[]> => {
      const checked: Checked[] = [];
      for (const [name, rows] of touched) {
        checked.push(await compare(db, storedOf.get(name)!, [...rows.values()]));
      }
      return checked;
    },
  };
};

export type Touched = ReturnType<typeof createTouched>;
