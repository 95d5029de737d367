-- compatible: expand
-- What a shop knows of a user besides the name, the search for users by name, and API keys.

-- A shop may set only one of the two.
alter table identity.profiles alter column name drop not null, add column metadata json;

comment on table identity.profiles is
'A row is what the shop calls a user and what the shop notes about the user. Both live here and
nowhere else, so that the journal holds nothing about a person but an opaque id, and so that
deleting the row erases them. Whether a user exists is told by the wallet.';

-- An index on an expression, so that names that the previous version writes are found, too. A
-- million names take 20 to 50 seconds; names cannot be saved meanwhile.
create index profiles_by_grams on identity.profiles
using gin (search.grams(search.key(name)));

create table identity.api_keys (
  api_key_id uuid not null,
  key_hash text collate "C" not null,
  prefix text not null,
  name text not null,
  role text not null,
  user_id text collate "C" not null,
  created_by text collate "C" not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  constraint api_keys_have_one_id primary key (api_key_id),
  constraint a_secret_has_one_key unique (key_hash),
  constraint role_is_known check (role in ('customer', 'staff', 'service'))
);

comment on table identity.api_keys is
'A row is a key that a caller sends instead of a token. `key_hash` is the SHA-256 of the key, in
base64url; the key itself is stored nowhere. `user_id` is the user that the caller acts as. A revoked
key has no row. `last_used_at` is exact to the minute.';
