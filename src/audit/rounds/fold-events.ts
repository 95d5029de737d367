import type { Table, WritableRows } from '../../commit/index.ts';
import type { Queryable } from '../../database/statement.ts';
import { LOGS, TABLES_AND_LOGS, applyEvent, type RowOf, type TableName } from '../../shop/index.ts';
import { placeOf, type Violation } from '../difference.ts';
import { ORDERS, loadKept, type JournalEvent, type KeptRow, type KeptRows } from '../kept.ts';
import { mayFollow } from '../order-steps.ts';
import { addDigests, digestOf, type TransferSum } from '../transfer-digest.ts';

type Transfer = RowOf<'transfers'>;

/** What some events change. */
export interface FoldedEvents {
  /** The changed rows of each table, after the last event. */
  readonly changed: KeptRows;
  readonly transfers: readonly (KeptRow & { readonly row: Transfer })[];
  /** The positions of the events of each order. */
  readonly orders: ReadonlyMap<string, readonly number[]>;
  /** Events that cannot be applied, and steps that an order must not take (O2). */
  readonly violations: readonly Violation[];
}

const TRANSFERS = LOGS.transfers.name;
const textsIn = (value: unknown, name: string): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const field = (value as Readonly<Record<string, unknown>>)[name];
  return typeof field === 'string' ? [field] : [];
};

/** Which rows of a table an event probably reads: those with the id in a field of its data. */
interface Read {
  readonly id: 'userId' | 'productId' | 'orderId';
  /** The first words of the types of these events. */
  readonly by: readonly string[];
}

/** What events read of each table; the compiler rejects a missing table. */
const READS: { readonly [Name in TableName]: Read | undefined } = {
  wallets: { id: 'userId', by: ['wallet', 'order'] },
  transfers: { id: 'userId', by: ['wallet', 'order'] },
  buyers: { id: 'userId', by: ['wallet', 'order'] },
  carts: { id: 'userId', by: ['cart'] },
  products: { id: 'productId', by: ['product', 'stock', 'order'] },
  descriptions: { id: 'productId', by: ['product', 'stock'] },
  // Rules write SKUs and read none.
  skus: undefined,
  orders: { id: 'orderId', by: ['order'] },
};
const READ = Object.entries(READS).flatMap(([table, read]) =>
  read === undefined ? [] : [{ name: TABLES_AND_LOGS[table as TableName].name, ...read }],
);

/** The rows that events probably read; a row that is missing is loaded for another attempt. */
const neededKeys = (events: readonly JournalEvent[]): Map<string, Set<string>> => {
  const keys = new Map(READ.map(({ name }) => [name, new Set<string>()]));
  for (const { type, data } of events) {
    const { items } = data as { items?: unknown };
    const lines = Array.isArray(items) ? items : [];
    const ids = {
      userId: textsIn(data, 'userId'),
      productId: [data, ...lines].flatMap((each) => textsIn(each, 'productId')),
      orderId: textsIn(data, 'orderId'),
    };
    const [word = ''] = type.split('.', 1);
    for (const { name, id, by } of READ) {
      if (by.includes(word)) for (const each of ids[id]) keys.get(name)!.add(each);
    }
  }
  return keys;
};

const eventViolation = (
  event: JournalEvent,
  invariants: readonly string[],
  found: object,
): Violation => ({
  part: 'journal.fold',
  key: placeOf(event.position),
  invariants,
  kind: 'event',
  subject: event.eventId,
  expected: null,
  found: { position: event.position, type: event.type, subject: event.subject, ...found },
  since: event.position,
});

const append = (lists: Map<string, number[]>, key: string, value: number): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
};

/** One attempt at folding events over loaded rows; `missing` are rows that were not loaded. */
const attempt = (loaded: KeptRows, events: readonly JournalEvent[]) => {
  const missing = new Map<string, Set<string>>();
  const changed: KeptRows = new Map();
  const transfers: { row: Transfer; position: number }[] = [];
  const orders = new Map<string, number[]>();
  const violations: Violation[] = [];

  const get = (table: string, key: string): object | undefined => {
    const known = changed.get(table)?.get(key) ?? loaded.get(table)?.get(key);
    if (known === undefined) {
      const keys = missing.get(table);
      if (keys === undefined) missing.set(table, new Set([key]));
      else keys.add(key);
    }
    return known?.row;
  };
  const set = (table: string, key: string, kept: KeptRow): void => {
    const rows = changed.get(table);
    if (rows === undefined) changed.set(table, new Map([[key, kept]]));
    else rows.set(key, kept);
  };

  /** Applies an event, whole or not at all. */
  const apply = (event: JournalEvent): void => {
    const staged = new Map<string, Map<string, object>>();
    const appended: Transfer[] = [];
    const rows: WritableRows = {
      get: <Row>({ name }: Table<Row>, key: string) =>
        (staged.get(name)?.get(key) ?? get(name, key)) as Row | undefined,
      put: (table, row) => {
        const key = table.keyOf(row);
        const own = staged.get(table.name);
        if (own === undefined) staged.set(table.name, new Map([[key, row as object]]));
        else own.set(key, row as object);
      },
      append: (_log, row) => appended.push(row as Transfer),
    };
    applyEvent(rows, event);
    const { position } = event;
    for (const [table, own] of staged) {
      for (const [key, row] of own) set(table, key, { row, position });
    }
    for (const row of appended) {
      transfers.push({ row, position });
      const { userId } = row;
      const before = get(TRANSFERS, userId) as TransferSum | undefined;
      const count = (before?.count ?? 0) + 1;
      const sum = addDigests(before?.sum ?? '0', digestOf(row));
      set(TRANSFERS, userId, { row: { userId, count, sum } satisfies TransferSum, position });
    }
  };

  for (const event of events) {
    const [orderId] = event.type.startsWith('order.') ? textsIn(event.data, 'orderId') : [];
    const order = orderId === undefined ? undefined : get(ORDERS, orderId);
    const { status } = (order ?? {}) as { readonly status?: string };
    const isAllowed = orderId === undefined || mayFollow(event.type, status);
    const faults = isAllowed ? [] : [`follows ${status ?? 'nothing'}`];
    try {
      apply(event);
      if (orderId !== undefined) append(orders, orderId, event.position);
    } catch (error) {
      faults.push((error as Error).message);
    }
    if (faults.length > 0) {
      const invariants = isAllowed ? ['J1'] : ['O2', 'J1'];
      violations.push(eventViolation(event, invariants, { fault: faults.join('; ') }));
    }
  }
  return { missing, changed, transfers, orders, violations };
};

/** Attempts at one page: an event can name a row through another, through a third. */
const ATTEMPTS_MAX = 8;

/**
 * Folds events over the kept rows, with the rules of the modules. Changes nothing in the database.
 * An event that cannot be applied is a violation and changes nothing.
 */
export const foldEvents = async (
  db: Queryable,
  events: readonly JournalEvent[],
): Promise<FoldedEvents> => {
  const loaded: KeptRows = new Map();
  await loadKept(db, neededKeys(events), loaded);
  for (let attempts = 1; ; attempts++) {
    const { missing, ...folded } = attempt(loaded, events);
    if (missing.size === 0 || attempts === ATTEMPTS_MAX) return folded;
    await loadKept(db, missing, loaded);
  }
};
