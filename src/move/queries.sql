-- name: ListTables :many
-- Every table outside PostgreSQL's own schemas, with its stored columns. A generated column has
-- none: the target computes it.
select
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
order by 1;

-- name: ListSequences :many
-- A sequence that was never used has no last value.
select
  format('%I.%I', n.nspname, c.relname) as "name!",
  pg_sequence_last_value(c.oid) as "last?"
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where
  c.relkind = 'S' and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1;

-- name: SetSequence :one
select setval(:name::text::regclass, :last::bigint) as "last!";

-- name: ListMigrations :many
select name, checksum from moa.migrations order by name;
