import type { Pool } from 'pg';
import type { Queryable } from '../database/statement.ts';
import { createSubscriber, type JournalReader, type Subscriber } from '../journal/index.ts';
import { addSales, addTotals, sumRange, type SumRangeRow } from './queries.gen.ts';

/**
 * The maximum number of events that one statement sums up: as many sums of one product as possible
 * become one row, and a statement takes seconds at most.
 */
export const EVENTS_MAX = 20_000;

/** Adds sums to those of the same quarters. */
export const addSums = async (db: Queryable, sums: readonly SumRangeRow[]): Promise<void> => {
  const totals = sums.filter(({ productId }) => productId === null);
  const sales = sums.flatMap(({ productId, ...sum }) =>
    productId === null ? [] : [{ productId, ...sum }],
  );
  await addTotals(db, totals);
  await addSales(db, sales);
};

/** The subscriber that adds sales and refunds of the journal to the sales report. */
export const createRecording = (pool: Pool, reader: JournalReader): Subscriber =>
  createSubscriber({
    pool,
    reader,
    name: 'sales-report',
    limit: EVENTS_MAX,
    prepare: async (reads, range) => {
      const sums = await sumRange(reads, range);
      return (db) => addSums(db, sums);
    },
  });
