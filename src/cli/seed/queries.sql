-- name: FindSeedState :one
-- Assigns the transaction's id before it takes a position in the journal, which the journal's
-- readers rely on. Of two concurrent seeds of a database, only one is alone.
select
  pg_current_xact_id() as "xact_id!", exists (select from orders.orders) as "has_orders!",
  pg_try_advisory_xact_lock(:key::bigint) as "is_alone!";
