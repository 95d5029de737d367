-- compatible: expand
-- Accounts of people who sign in here, and their sessions. The library better-auth reads and writes
-- these tables; it requires their columns, and `id` as the name of each key.

create schema auth;

create table auth.users (
  id text collate "C" not null,
  email text not null,
  email_verified boolean not null default false,
  name text not null,
  image text,
  role text not null default 'customer',
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint sign_in_user_has_one_row primary key (id),
  constraint email_has_one_user unique (email),
  constraint user_id_is_opaque check (id ~ '^[A-Za-z0-9_-]{1,64}$' and id <> 'me'),
  constraint role_signs_in check (role in ('customer', 'staff'))
);

comment on table auth.users is
'A row is a person who can sign in. `id` is the user id of the whole shop. `email` is in lower case and
`email_verified` says whether somebody vouches for it: an identity provider or the operator. `role` is
the role of the user''s sessions; only the operator changes it.';

create table auth.sessions (
  id uuid not null,
  token text collate "C" not null,
  user_id text collate "C" not null,
  ip_address text,
  user_agent text,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint sessions_have_one_id primary key (id),
  constraint token_has_one_session unique (token)
);

create index sessions_by_user on auth.sessions (user_id);
create index sessions_by_expiry on auth.sessions (expires_at);

comment on table auth.sessions is
'A row is a session of a user who signed in. The cookie has `token` and a signature, so a row alone does
not let its reader sign in. A session that ended has no row; an expired one is deleted within an hour.
A session whose user has no row is not valid.';

create table auth.accounts (
  id uuid not null,
  account_id text not null,
  provider_id text not null,
  user_id text collate "C" not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope text,
  password text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint accounts_have_one_id primary key (id),
  constraint account_has_one_user unique (provider_id, account_id)
);

create index accounts_by_user on auth.accounts (user_id);

comment on table auth.accounts is
'A row is a way in which a user signs in: `credential` with the scrypt hash of a password, or an
identity provider with the user''s id there. The tokens of a provider are not kept.';

create table auth.verifications (
  id uuid not null,
  identifier text not null,
  value text not null,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint verifications_have_one_id primary key (id)
);

create index verifications_by_identifier on auth.verifications (identifier);

comment on table auth.verifications is
'A row is a sign-in with an identity provider that has begun: what the answer must repeat. It lasts
ten minutes and is used once.';

create table auth.rate_limits (
  id uuid not null,
  key text not null,
  count integer not null,
  last_request bigint not null,
  constraint rate_limits_have_one_id primary key (id),
  constraint rate_limit_has_one_counter unique (key)
);

comment on table auth.rate_limits is
'A row counts the requests of an address for a path of sign-in. `last_request` is in milliseconds since
1970. All processes share the counters.';
