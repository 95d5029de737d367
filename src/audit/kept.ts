import type { Table, WritableRows } from '../commit/index.ts';
import type { Queryable } from '../database/statement.ts';
import { TABLES, applyEvent, standInOf } from '../shop/index.ts';
import { findKept, findKeptOrders, readAt, type ReadAtRow } from './queries.gen.ts';

export type JournalEvent = ReadAtRow;

/** What the journal gives for a key, and the last event of it. */
export interface KeptRow {
  /** Undefined: no event has made a row. */
  readonly row: object | undefined;
  readonly position: number | null;
}

/** Keys by the name of their table. */
export type Keys = ReadonlyMap<string, ReadonlySet<string>>;

export type KeptRows = Map<string, Map<string, KeptRow>>;

/** The table of orders, whose rows are folded from their events when they are needed. */
export const ORDERS = TABLES.orders.name;

const NOTHING: KeptRow = { row: undefined, position: null };
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a key can be in a column of UUIDs; a changed event can have any text. */
export const isUuid = (key: string): boolean => UUID.test(key);

/** A row that was kept as JSON, with its times as dates. */
export const revive = (row: unknown): object =>
  Object.fromEntries(
    Object.entries(row as object).map(([name, value]) => [
      name,
      name.endsWith('At') && typeof value === 'string' ? new Date(value) : (value as unknown),
    ]),
  );

/**
 * The row that an order's events give; undefined without events or if one cannot be applied. Only
 * the order's own row is wanted.
 */
const foldOrder = (events: readonly JournalEvent[]): object | undefined => {
  let order: unknown;
  const rows: WritableRows = {
    get: <Row>(table: Table<Row>) =>
      (table.name === ORDERS ? order : standInOf(table.name)) as Row | undefined,
    put: (table, row) => {
      if (table.name === ORDERS) order = row;
    },
    append: () => undefined,
  };
  try {
    for (const event of events) applyEvent(rows, event);
  } catch {
    return undefined;
  }
  return order as object | undefined;
};

/** Folds orders from the kept positions of their events. */
export const foldOrders = async (
  db: Queryable,
  kept: readonly { readonly orderId: string; readonly positions: readonly number[] }[],
): Promise<Map<string, KeptRow>> => {
  const positions = kept.flatMap((order) => order.positions);
  if (positions.length === 0) return new Map();
  const events = new Map((await readAt(db, { positions })).map((each) => [each.position, each]));
  return new Map(
    kept.map((order) => {
      const own = order.positions.flatMap((position) => events.get(position) ?? []);
      const row = own.length < order.positions.length ? undefined : foldOrder(own);
      return [order.orderId, { row, position: Math.max(...order.positions) }];
    }),
  );
};

/** Loads what is kept for some keys into `into`; a key without a row is loaded as no row. */
export const loadKept = async (db: Queryable, keys: Keys, into: KeptRows): Promise<void> => {
  const tableNames: string[] = [];
  const wanted: string[] = [];
  const orderIds: string[] = [];
  for (const [name, named] of keys) {
    let rows = into.get(name);
    if (rows === undefined) into.set(name, (rows = new Map()));
    for (const key of named) {
      if (rows.has(key)) continue;
      rows.set(key, NOTHING);
      if (name !== ORDERS) {
        tableNames.push(name);
        wanted.push(key);
      } else if (isUuid(key)) orderIds.push(key);
    }
  }
  if (wanted.length > 0) {
    for (const kept of await findKept(db, { tableNames, keys: wanted })) {
      const { tableName, key, row, position } = kept;
      into.get(tableName)?.set(key, { row: revive(row), position });
    }
  }
  if (orderIds.length > 0) {
    const folded = await foldOrders(db, await findKeptOrders(db, { orderIds }));
    for (const [orderId, row] of folded) into.get(ORDERS)?.set(orderId, row);
  }
};
