import type { Table, WritableRows } from '../commit/index.ts';
import type { Queryable } from '../database/statement.ts';
import { LOGS, TABLES, applyEvent, type RowOf } from '../shop/index.ts';
import { createDifferences, type Difference, type Differences } from './differences.ts';
import { createFolded, type Folded } from './folded.ts';
import { arePaidFor, mayFollow, type OrderStep } from './order-steps.ts';
import { countRows, findJournalEnd, readEvents, type ReadEventsRow } from './queries.gen.ts';
import { readBounds, type Bounds } from './sales/recorded.ts';
import { createTally, type Tally } from './sales/tally.ts';
import { STORED } from './stored.ts';
import { createSummed } from './summed.ts';

/** Events per read: more are not faster and outlive the garbage collector's young generation. */
const PAGE = 500;

interface FoldOptions {
  readonly page?: number;
  /** What of the sales the tally counts; read from the database by default. */
  readonly bounds?: Bounds;
  /** Called with the share of the journal that is folded, from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

type Tables = Map<string, Folded>;

/** What the journal says of itself and of the tables. */
export interface Folding {
  /** Events that violate an invariant, and rows of the tables that the journal does not give. */
  readonly differences: readonly Difference[];
  readonly tally: Tally;
}

const createTables = (): Tables =>
  new Map(Object.values(STORED).map((stored) => [stored.name, createFolded(stored)]));

/**
 * Folds the journal and compares the result with the tables (J1), and what each event did with what
 * it may do (S2, S3, O1, O2); at most about `limit` differences of each invariant. The journal is
 * read in pages and folded in memory; meanwhile the next page is read, and the orders of the page
 * before are compared with their table and dropped when they match. So memory grows with users,
 * products and unfinished orders, not with the history (docs/decisions/0008-audit.md). Transfers,
 * which never change, are compared by a sum; if it differs, the journal is folded again to name
 * them.
 */
export const foldJournal = async (
  db: Queryable,
  limit: number,
  options: FoldOptions = {},
): Promise<Folding> => {
  const summed = createSummed();
  const quick = createTables().set(LOGS.transfers.name, summed.folded);
  const folding = await foldInto(quick, db, limit, options);
  if (await summed.isEqual(db)) return folding;
  return foldInto(createTables(), db, limit, options);
};

const foldInto = async (
  fold: Tables,
  db: Queryable,
  limit: number,
  { page = PAGE, bounds, onProgress = () => undefined }: FoldOptions,
): Promise<Folding> => {
  const tally = createTally(bounds ?? (await readBounds(db)));
  const differences = createDifferences(limit);
  const apply = createCheckedFold(fold, tally, differences);
  const { end } = (await findJournalEnd(db))!;
  const read = (after: number): Promise<ReadEventsRow[]> => readEvents(db, { after, limit: page });
  let comparing: Promise<unknown> = Promise.resolve();
  for (let reading = read(0); ;) {
    const events = await reading;
    const last = events.at(-1);
    if (last === undefined) break;
    reading = read(last.position);
    // Both are awaited in the next turn, unless something fails before.
    reading.catch(() => undefined);
    for (const event of events) apply(event);
    await comparing;
    comparing = Promise.all([...fold.values()].map((folded) => folded.dropEnded(db)));
    comparing.catch(() => undefined);
    onProgress(last.position / end);
  }
  await comparing;

  addWrongStock(fold, tally, differences);
  const counts = (await countRows(db))!;
  for (const folded of fold.values()) {
    for await (const difference of folded.differences(db, counts)) differences.add(difference);
  }
  return { differences: differences.all, tally };
};

/** The folded products whose units are not those that the tally has counted (S2, S3). */
const addWrongStock = (fold: Tables, { products }: Tally, differences: Differences): void => {
  for (const row of fold.get(TABLES.products.name)!.rows()) {
    const { productId, onHand, reserved } = row as RowOf<'products'>;
    const counted = products.get(productId);
    const invariants = [
      ...(onHand === (counted?.onHand ?? 0) ? [] : ['S2']),
      ...(reserved === (counted?.reserved ?? 0) ? [] : ['S3']),
    ];
    if (invariants.length === 0) continue;
    const violation =
      `product ${productId}: on hand ${onHand}, explained ${counted?.onHand ?? 0}; ` +
      `reserved ${reserved}, pending ${counted?.reserved ?? 0}`;
    differences.add({ violation, invariants });
  }
};

/** Applies events to the rows, and checks what each does to orders and their money. */
const createCheckedFold = (fold: Tables, tally: Tally, differences: Differences) => {
  /** What the current event does. */
  let steps: OrderStep[] = [];
  let transfers: RowOf<'transfers'>[] = [];

  const of = (name: string): Folded => {
    const folded = fold.get(name);
    if (folded === undefined) throw new Error(`the audit cannot find rows of ${name}`);
    return folded;
  };
  const orders = of(TABLES.orders.name);
  const orderOf = (orderId: string) => orders.get(orderId) as RowOf<'orders'> | undefined;
  const rows: WritableRows = {
    get: <Row>(table: Table<Row>, key: string) => of(table.name).get(key) as Row | undefined,
    put: (table, row) => {
      if (table.name === TABLES.orders.name) {
        const after = row as RowOf<'orders'>;
        steps.push({ before: orderOf(after.orderId), after });
      }
      of(table.name).put(row as object);
    },
    append: (log, row) => {
      if (log.name === LOGS.transfers.name) transfers.push(row as RowOf<'transfers'>);
      of(log.name).put(row as object);
    },
  };

  return ({ position, eventId, type, subject, timeMs, data }: ReadEventsRow): void => {
    const complain = (fault: string, ...invariants: readonly string[]): void => {
      const violation = `event ${position} (${type}) of ${subject} ${fault}`;
      differences.add({ violation, invariants });
    };
    const isOfOrder = type.startsWith('order.');
    const status = isOfOrder ? orderOf(subject)?.status : undefined;
    if (isOfOrder && !mayFollow(type, status)) complain(`follows ${status ?? 'nothing'}`, 'O2');
    const event = { eventId, type, subject, time: new Date(timeMs), data: data as object };
    [steps, transfers] = [[], []];
    try {
      applyEvent(rows, event);
    } catch (error) {
      return complain(`cannot be applied: ${(error as Error).message}`, 'J1');
    }
    if (!arePaidFor(steps, transfers)) complain('does not pay what its order says', 'O1');
    if (!isOfOrder && steps.length > 0) complain('changes an order', 'O2');
    tally.count({ ...event, position }, steps);
  };
};
