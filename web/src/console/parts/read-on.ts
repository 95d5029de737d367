import type { ListPage, ReadPage } from './list-query.ts';

/** As many rows as the API answers at once. */
const PAGE = 100;
/** A hundred requests, one after the other: more is for programs, which have the API. */
export const ROWS_MAX = 10_000;

interface Whole<Row> {
  readonly rows: readonly Row[];
  /** Whether the list goes on after these rows. */
  readonly isPart: boolean;
}

/**
 * The rows of the pages and of those after them, up to `ROWS_MAX`. A row that has moved meanwhile and
 * is read twice is there once, as it was read last. Rejects when a page cannot be read.
 */
export const readOn = async <Row>(
  pages: readonly ListPage<Row>[],
  readPage: ReadPage<Row>,
  keyOf: (row: Row) => string,
): Promise<Whole<Row>> => {
  const known = pages.flatMap(({ items }) => items);
  const rows = new Map(known.map((row) => [keyOf(row), row]));
  let cursor = pages.at(-1)?.nextCursor ?? null;
  let count = known.length;
  while (cursor !== null && count < ROWS_MAX) {
    const page = await readPage({ cursor, limit: Math.min(PAGE, ROWS_MAX - count) });
    for (const row of page.items) rows.set(keyOf(row), row);
    count += page.items.length;
    cursor = page.nextCursor;
  }
  return { rows: [...rows.values()], isPart: cursor !== null };
};
