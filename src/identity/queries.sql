-- name: SaveName :exec
insert into identity.profiles (user_id, name) values (:userId, :name)
on conflict (user_id) do update set name = excluded.name;

-- name: FindName :one
select name from identity.profiles where user_id = :userId;
