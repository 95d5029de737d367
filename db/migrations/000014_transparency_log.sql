-- compatible: expand
-- The transparency log: the journal's events as leaves of a Merkle tree.

create schema log;

create view log.entries as
select position, event_id, type, subject, time, entry,
  sha256('\x00'::bytea || convert_to(entry, 'UTF8')) as leaf_hash
from (
  select position, event_id, type, subject, time,
    format(
      '{"id":"%s","type":%s,"subject":%s,"time":"%s","data":%s}',
      event_id, to_json(type), to_json(subject),
      to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), data
    ) as entry
  from journal.events
) as formed;

comment on view log.entries is
'A row is an event as the transparency log records it. `entry` is the text whose UTF-8 bytes are the
leaf: the data is the text that the journal stores. `leaf_hash` is SHA-256(0x00 || entry) (RFC 9162,
section 2.1.1). A change of this form would be a new log.';

create table log.leaves (
  leaf_index bigint not null,
  position bigint not null,
  event_id uuid not null,
  constraint leaves_are_numbered primary key (leaf_index),
  constraint leaf_has_one_position unique (position),
  constraint event_has_one_leaf unique (event_id)
);

comment on table log.leaves is
'A row is a leaf of the tree and its event. Leaves are numbered from 0 without a gap, in the order of
the positions. Never updated.';

create table log.tiles (
  level smallint not null,
  tile_index bigint not null,
  hashes bytea not null,
  constraint tiles_have_one_place primary key (level, tile_index),
  constraint tile_has_whole_hashes check (
    octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0
  )
);

-- Hashes cannot be compressed.
alter table log.tiles alter column hashes set storage external;

comment on table log.tiles is
'A row is a tile (c2sp.org/tlog-tiles): 256 neighbouring hashes of the tree, or fewer at the right edge.
On level 0 they are hashes of leaves; on a higher level each is the hash of a full tile below. Hashes
are only added.';

create table log.checkpoint (
  is_only boolean not null default true,
  tree_size bigint not null,
  position bigint not null,
  root bytea not null,
  verifier_key text not null,
  note text not null,
  constraint checkpoint_has_one_row primary key (is_only),
  constraint checkpoint_is_only check (is_only)
);

comment on table log.checkpoint is
'The only row is the size and the root of the tree, signed: `note` is a checkpoint
(c2sp.org/tlog-checkpoint) that `verifier_key` verifies. `position` is that of the last leaf, or 0. The
row moves in the transaction that adds the leaves.';

insert into journal.cursors (name, position, build, events) values ('transparency-log', 0, 1, 0);
