import { ask } from '../sql.ts';
import type { ShopSize } from './shops.ts';

/** The bytes and rows of a table, without the parts that PostgreSQL keeps for itself. */
export interface TableSize {
  readonly name: string;
  /** The rows with their free space, long values included. */
  readonly table: number;
  readonly indexes: number;
}

/** What one order adds to a table, in bytes. */
export type StoragePerOrder = TableSize;

const SIZES_SQL = `
  select
    n.nspname || '.' || c.relname as name, pg_table_size(c.oid)::float8 as "table",
    pg_indexes_size(c.oid)::float8 as indexes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')`;

/** The sizes of all tables of a database. */
export const readSizes = (databaseUrl: string): Promise<TableSize[]> =>
  ask<TableSize>(databaseUrl, SIZES_SQL);

/** Less than this is noise: a page of a table that does not grow with orders. */
const BYTES_MIN = 0.5;

interface Sized {
  readonly size: ShopSize;
  readonly tables: readonly TableSize[];
}

/** What an order adds to each table: the difference of two shops, the largest part first. */
export const storagePerOrder = (small: Sized, large: Sized): StoragePerOrder[] => {
  const before = new Map(small.tables.map((each) => [each.name, each]));
  const orders = large.size.orders - small.size.orders;
  const perOrder = (now: number, then = 0): number => Math.max(0, now - then) / orders;
  return large.tables
    .map(({ name, table, indexes }) => ({
      name,
      table: perOrder(table, before.get(name)?.table),
      indexes: perOrder(indexes, before.get(name)?.indexes),
    }))
    .filter(({ table, indexes }) => table + indexes >= BYTES_MIN)
    .toSorted((a, b) => b.table + b.indexes - (a.table + a.indexes));
};
