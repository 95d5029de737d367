import { carts, evolveCart } from '../cart/core.ts';
import { descriptions, evolveProduct, products, skus } from '../catalog/core.ts';
import type { Log, Table, WritableRows } from '../commit/index.ts';
import type { Evolve, RecordedEvent } from '../journal/index.ts';
import { buyers, evolveOrder, orders } from '../order/core.ts';
import { evolveWallet, transfers, wallets } from '../wallet/core.ts';

/** Every table whose rows commands lock and events change, in lock order. */
export const TABLES = { orders, wallets, carts, buyers, products, descriptions, skus };

/** Every log that events append to, besides the journal. */
export const LOGS = { transfers };

/** The rule of each event. */
export const RULES = { ...evolveWallet, ...evolveProduct, ...evolveCart, ...evolveOrder };

/** An event as the journal gives it back. */
type StoredEvent = Omit<RecordedEvent, 'data'> & { readonly data: unknown };

/**
 * Applies a stored event with the rule of its type. Throws if its type has no rule, and what the
 * rule throws.
 */
export const applyEvent = (rows: WritableRows, event: StoredEvent): void => {
  const evolve = (RULES as Readonly<Record<string, Evolve>>)[event.type];
  if (evolve === undefined) throw new Error(`no rule for events of type ${event.type}`);
  // The deciders write the journal, so an event's data is an object.
  evolve(rows, event as RecordedEvent);
};

/** Every table and log that events change. */
export const TABLES_AND_LOGS = { ...TABLES, ...LOGS };

type TablesAndLogs = typeof TABLES_AND_LOGS;

/** The key of a table or a log; a record of all of them has to grow with a new table. */
export type TableName = keyof TablesAndLogs;

/** A row of the table or log with this name. */
export type RowOf<Name extends TableName> =
  TablesAndLogs[Name] extends Table<infer Row>
    ? Row
    : TablesAndLogs[Name] extends Log<infer Row>
      ? Row
      : never;

/** Half of the largest integer: more than any order moves, and room to move as much again. */
const PLENTY = 2 ** 52;

/** For each table, the row that takes the place of any other row; undefined: there is none. */
const STAND_INS: { readonly [Name in keyof typeof TABLES]: Partial<RowOf<Name>> | undefined } = {
  wallets: { balance: PLENTY, entryCount: 0 },
  buyers: { pendingOrders: PLENTY },
  products: { onHand: PLENTY, reserved: PLENTY / 2 },
  // Events of a product and of its orders read no other rows of these.
  orders: undefined,
  carts: undefined,
  descriptions: undefined,
  skus: undefined,
};

const standIns: ReadonlyMap<string, object | undefined> = new Map(
  Object.entries(STAND_INS).map(([key, row]) => [TABLES[key as keyof typeof TABLES].name, row]),
);

/**
 * The row that takes the place of a table's rows where an order or a product is folded alone: other
 * products, wallets and buyers, whose other events are not read, never run out of anything.
 */
export const standInOf = (tableName: string): object | undefined => standIns.get(tableName);
