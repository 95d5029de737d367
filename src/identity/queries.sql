-- name: SaveName :exec
insert into identity.profiles (user_id, name) values (:userId, :name)
on conflict (user_id) do update set name = excluded.name;

-- name: FindUser :one
-- A user exists once they have a wallet; a name is optional.
select w.user_id, p.name as "name?", w.created_at
from wallet.wallets w
left join identity.profiles p on p.user_id = w.user_id
where w.user_id = :userId;
