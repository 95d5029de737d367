-- compatible: expand
-- transaction: none
-- A block range index knows the least and the greatest time of a range. Small rows fill gaps of old
-- blocks, so each range came to contain the present, and every search read the whole table.

drop index concurrently if exists journal.events_at_time;

create index concurrently events_at_time on journal.events (time);

drop index concurrently if exists journal.events_by_time;

drop index concurrently if exists commit.idempotency_keys_by_creation;

create index concurrently idempotency_keys_by_creation on commit.idempotency_keys (created_at);

drop index concurrently if exists commit.idempotency_keys_by_age;
