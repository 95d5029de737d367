-- name: LookAround :one
-- Gives the transaction its id before it takes any position in the journal, which the journal's
-- readers rely on. Of two that seed the same database at once, one is not alone.
select
  pg_current_xact_id() as "xact_id!", exists (select from orders.orders) as "has_orders!",
  pg_try_advisory_xact_lock(:key::bigint) as "is_alone!";
