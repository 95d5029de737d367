create schema delivery;

create table delivery.destinations (
  destination_id uuid not null,
  name text not null,
  kind text not null,
  url text not null,
  types text[],
  secret text,
  previous_secret text,
  secret_changed_at timestamptz(3),
  status text not null,
  version bigint not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint destinations_have_one_id primary key (destination_id),
  constraint kind_is_known check (kind in ('webhook', 'nats')),
  constraint status_is_known check (status in ('active', 'paused'))
);

comment on table delivery.destinations is
'A row is a place outside that events are sent to: those of `types`, or of all types when it is
null. `previous_secret` still signs for a while after the secret was changed. `version` grows with
every change, so that whoever sends sees it.';

create table delivery.progress (
  destination_id uuid not null,
  position bigint not null,
  delivered bigint not null,
  attempted_at timestamptz(3),
  outcome text,
  detail text,
  next_attempt_at timestamptz(3),
  constraint progress_is_of_one_destination primary key (destination_id)
) with (fillfactor = 50);

comment on table delivery.progress is
'A row is how far a destination is: every event up to `position` that it wants was taken by it or is
a dead letter. `delivered` counts the events that it took. Only the process that holds the
destination''s lock moves it.';

create table delivery.dead_letters (
  destination_id uuid not null,
  position bigint not null,
  detail text not null,
  created_at timestamptz(3) not null,
  is_due boolean not null,
  constraint dead_letters_are_of_one_event primary key (destination_id, position)
);

comment on table delivery.dead_letters is
'A row is an event that a destination has refused so often that the others went on without it. It
is sent again when `is_due`, and gone once it was taken.';

create table delivery.replays (
  destination_id uuid not null,
  replay_id uuid not null,
  position bigint not null,
  up_to bigint not null,
  from_time timestamptz(3) not null,
  to_time timestamptz(3) not null,
  constraint replays_have_one_id primary key (destination_id, replay_id)
);

comment on table delivery.replays is
'A row is a part of the journal that a destination gets once more: events from `from_time` to
`to_time` beyond `position` and up to `up_to`. It is gone once all were taken.';

-- Finds where a time is in the journal; a block range index costs an insert nothing.
create index events_by_time on journal.events using brin (time)
  with (pages_per_range = 32, autosummarize = on);
