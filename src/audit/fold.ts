import type { Table, WritableRows } from '../commit/index.ts';
import type { Queryable } from '../database/statement.ts';
import type { Evolve } from '../journal/index.ts';
import { LOGS, RULES } from '../shop/index.ts';
import { createFolded, type Folded } from './folded.ts';
import { countRows, findJournalEnd, readEvents, type ReadEventsRow } from './queries.gen.ts';
import { STORED } from './stored.ts';
import { createSummed } from './summed.ts';

/** Events per read: more are not faster and outlive the garbage collector's young generation. */
const PAGE = 2_000;

interface FoldOptions {
  readonly page?: number;
  /** Called with the share of the journal that is folded, from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

type Tables = Map<string, Folded>;

const createTables = (): Tables =>
  new Map(STORED.map((stored) => [stored.name, createFolded(stored)]));

/**
 * The differences between the folded journal and the tables (J1), at most `limit`. The journal is
 * read in pages and folded in memory; the next page is read while one is folded. Orders are
 * compared with their table after each page and dropped when they match, so memory grows with
 * users, products and unfinished orders, not with the history (docs/decisions/0008-audit.md).
 * Transfers, which never change, are compared by a sum; if it differs, the journal is folded again
 * to name them.
 */
export const foldDifferences = async (
  db: Queryable,
  limit: number,
  options: FoldOptions = {},
): Promise<string[]> => {
  const summed = createSummed();
  const quick = createTables().set(LOGS.transfers.name, summed.folded);
  const found = await foldInto(quick, db, limit, options);
  if (await summed.isEqual(db)) return found;
  return foldInto(createTables(), db, limit, options);
};

const foldInto = async (
  fold: Tables,
  db: Queryable,
  limit: number,
  { page = PAGE, onProgress = () => undefined }: FoldOptions,
): Promise<string[]> => {
  const rows = rowsOf(fold);
  const { end } = (await findJournalEnd(db))!;
  const read = (after: number): Promise<ReadEventsRow[]> => readEvents(db, { after, limit: page });
  for (let reading = read(0); ;) {
    const events = await reading;
    const last = events.at(-1);
    if (last === undefined) break;
    reading = read(last.position);
    // Awaited in the next turn, unless this one fails.
    reading.catch(() => undefined);
    const fault = carryOut(rows, events);
    if (fault !== undefined) return [fault];
    await Promise.all([...fold.values()].map((folded) => folded.forgetEnded(db)));
    onProgress(end === 0 ? 1 : last.position / end);
  }

  const found: string[] = [];
  const counts = (await countRows(db))!;
  for (const folded of fold.values()) {
    for await (const difference of folded.differences(db, counts)) {
      found.push(difference);
      if (found.length === limit) return found;
    }
  }
  return found;
};

/** Applies events to the rows; returns the fault of the first event that cannot be applied. */
const carryOut = (rows: WritableRows, events: readonly ReadEventsRow[]): string | undefined => {
  for (const event of events) {
    const name = `event ${event.position} (${event.type})`;
    const evolve = (RULES as Readonly<Record<string, Evolve>>)[event.type];
    if (evolve === undefined) return `${name} has no rule`;
    try {
      evolve(rows, { ...event, data: event.data as object });
    } catch (error) {
      return `${name} cannot be applied: ${(error as Error).message}`;
    }
  }
  return undefined;
};

const rowsOf = (fold: ReadonlyMap<string, Folded>): WritableRows => {
  const of = (name: string): Folded => {
    const folded = fold.get(name);
    if (folded === undefined) throw new Error(`the audit cannot find rows of ${name}`);
    return folded;
  };
  return {
    get: <Row>(table: Table<Row>, key: string) => of(table.name).get(key) as Row | undefined,
    put: (table, row) => of(table.name).put(row as object),
    append: (log, row) => of(log.name).put(row as object),
  };
};
