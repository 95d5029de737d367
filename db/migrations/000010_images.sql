-- compatible: expand
-- Images of products.

create schema image;

create table image.images (
  image_id text collate "C" not null,
  width integer not null,
  height integer not null,
  small bytea not null,
  medium bytea not null,
  large bytea not null,
  created_at timestamptz(3) not null default now(),
  constraint image_has_one_file primary key (image_id),
  constraint image_id_is_a_hash check (image_id ~ '^[0-9a-f]{64}$')
);

-- WebP is compressed already.
alter table image.images alter column small set storage external;
alter table image.images alter column medium set storage external;
alter table image.images alter column large set storage external;

comment on table image.images is
'A row is an uploaded image in three sizes, as WebP. `image_id` is the SHA-256 of the uploaded
file, `width` and `height` are those of the file as a viewer shows it. A row is never updated, because
caches keep what its address answered.';
