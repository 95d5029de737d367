// Generated from queries.sql by "npm run generate". Do not edit.
import { many, one, toSafeInteger } from '../database/statement.ts';

export interface ListTablesRow {
  readonly name: string;
  readonly columns: string;
  readonly bytes: number;
}

/**
 * Every table outside PostgreSQL's own schemas, with its stored columns. A generated column has
 * none: the target computes it.
 */
export const listTables = many<void, ListTablesRow>({
  name: 'move.ListTables',
  text: `select
  format('%I.%I', n.nspname, c.relname) as "name!",
  string_agg(quote_ident(a.attname), ', ' order by a.attnum) as "columns!",
  pg_table_size(c.oid) as "bytes!"
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid
where
  c.relkind = 'r' and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
group by n.nspname, c.relname, c.oid
order by 1`,
  encode: () => [],
  decode: (r) => ({ name: r[0]!, columns: r[1]!, bytes: toSafeInteger(r[2]!) }),
});

export interface ListSequencesRow {
  readonly name: string;
  readonly last: number | null;
}

/** A sequence that was never used has no last value. */
export const listSequences = many<void, ListSequencesRow>({
  name: 'move.ListSequences',
  text: `select
  format('%I.%I', n.nspname, c.relname) as "name!",
  pg_sequence_last_value(c.oid) as "last?"
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where
  c.relkind = 'S' and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1`,
  encode: () => [],
  decode: (r) => ({ name: r[0]!, last: r[1] === null ? null : toSafeInteger(r[1]!) }),
});

export interface SetSequenceRow {
  readonly last: number;
}

export const setSequence = one<{ readonly name: string; readonly last: number }, SetSequenceRow>({
  name: 'move.SetSequence',
  text: `select setval($1::text::regclass, $2::bigint) as "last!"`,
  encode: (params) => [params.name, params.last],
  decode: (r) => ({ last: toSafeInteger(r[0]!) }),
});

export interface ListMigrationsRow {
  readonly name: string;
  readonly checksum: string;
}

export const listMigrations = many<void, ListMigrationsRow>({
  name: 'move.ListMigrations',
  text: `select name, checksum from moa.migrations order by name`,
  encode: () => [],
  decode: (r) => ({ name: r[0]!, checksum: r[1]! }),
});
