-- name: RecordCurrency :exec
-- Only the first start inserts the row; of several that start together, one does.
insert into moa.settings (currency)
values (:currency)
on conflict do nothing;

-- name: ReadCurrency :one
select currency from moa.settings;

-- name: ReadServerVersion :one
select current_setting('server_version') as "version!";
