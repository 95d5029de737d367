import type { Pool } from 'pg';
import { describedProduct, products, type Description, type Product } from '../catalog/index.ts';
import type { Table, WritableRows } from '../commit/index.ts';
import type { Queryable } from '../database/statement.ts';
import { inSnapshot } from '../database/transaction.ts';
import { applyEvent, standInOf } from '../shop/index.ts';
import { TOO_FAR, readProductBack } from './product-back.ts';
import { SLICE, concerns, listEvents } from './product-events.ts';
import { findCreation, findLastPosition, type ListProductEventsRow } from './queries.gen.ts';

/**
 * The product before its first event that is later than `at`, in commit order. Undefined before the
 * product's creation, and when the signal aborts. A recent past is computed from the current row,
 * an early one from the creation.
 */
export const readProductAt = async (
  db: Pool,
  productId: string,
  at: Date,
  signal?: AbortSignal,
): Promise<(Product & Description) | undefined> => {
  const found = await inSnapshot(db, async (snapshot) => {
    const created = await findCreation(snapshot, { productId, at });
    const last = await findLastPosition(snapshot);
    if (created === undefined || last === undefined) return undefined;
    const places = { created: created.position, last: last.position };
    return readProductBack(snapshot, { productId, at, signal, ...places });
  });
  if (signal?.aborted === true) return undefined;
  return found === TOO_FAR ? foldProductAt(db, productId, at, signal) : found;
};

/**
 * The same by the fold of the product's events and those of its orders from its creation on, with
 * the rules that have written its row.
 */
export const foldProductAt = async (
  db: Queryable,
  productId: string,
  at: Date,
  signal?: AbortSignal,
): Promise<(Product & Description) | undefined> => {
  const created = await findCreation(db, { productId, at });
  const last = await findLastPosition(db);
  if (created === undefined || last === undefined) return undefined;
  const rows = rowsOfProduct(productId);
  for (let after = created.position - 1; after < last.position; after += SLICE) {
    if (signal?.aborted === true) return undefined;
    const upTo = Math.min(last.position, after + SLICE);
    const events = await listEvents(db, { productId, after, upTo });
    const isLater = carryOut(
      rows,
      events.filter((event) => concerns(event, productId)),
      at,
    );
    if (isLater) break;
  }
  return describedProduct(productId, rows);
};

/** Applies the events up to a time; returns whether an event is later. */
const carryOut = (
  rows: WritableRows,
  events: readonly ListProductEventsRow[],
  at: Date,
): boolean => {
  for (const event of events) {
    if (event.time > at) return true;
    applyEvent(rows, event);
  }
  return false;
};

/**
 * The rows of one product, of its description and of its orders. The events of its orders also move
 * other products, wallets and buyers, whose other events are not read: stand-ins take their place.
 */
const rowsOfProduct = (productId: string): WritableRows => {
  const kept = new Map<string, Map<string, object>>();
  const isKept = (table: string, key: string): boolean =>
    standInOf(table) === undefined || (table === products.name && key === productId);
  const find = (table: string, key: string): object | undefined =>
    isKept(table, key) ? kept.get(table)?.get(key) : standInOf(table);
  return {
    get: <Row>({ name }: Table<Row>, key: string) => find(name, key) as Row | undefined,
    put: (table, row) => {
      const key = table.keyOf(row);
      if (!isKept(table.name, key)) return;
      const rows = kept.get(table.name);
      if (rows === undefined) kept.set(table.name, new Map([[key, row as object]]));
      else rows.set(key, row as object);
    },
    append: () => undefined,
  };
};
