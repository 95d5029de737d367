-- compatible: expand
create table delivery.installation (
  is_only boolean not null default true,
  installation_id uuid not null default gen_random_uuid(),
  constraint there_is_one_installation primary key (is_only),
  constraint installation_is_only check (is_only)
);

comment on table delivery.installation is
'The only row is this installation of Moa: events name it as their source, unless the environment
names another. A copy of the database has the same id.';

insert into delivery.installation default values;

-- The number of the last attempt; an unbroken series of deliveries has one number.
alter table delivery.progress add column attempts bigint not null default 0;

create table delivery.attempts (
  destination_id uuid not null,
  number bigint not null,
  outcome text not null,
  detail text not null,
  status integer,
  body text,
  event_id uuid,
  requests bigint not null,
  events bigint not null,
  began_at timestamptz(3) not null,
  ended_at timestamptz(3) not null,
  constraint attempts_have_one_number primary key (destination_id, number)
) with (fillfactor = 50);

comment on table delivery.attempts is
'A row is a request to a destination and the answer to it, or an unbroken series of delivered
requests, of which it has the last answer. A destination keeps its last 1000 attempts. `status` and `body` are those of an HTTP answer; `body` has its first KiB.
`event_id` is the first event of the last request.';

-- An earlier version gave an event up after three attempts and kept no answer.
alter table delivery.dead_letters
  add column attempts integer not null default 3,
  add column status integer,
  add column body text,
  add column attempted_at timestamptz(3);

comment on table delivery.dead_letters is
'A row is an event that a destination has refused so often that the others went on without it. It
is sent again when `is_due`, and gone once it was taken. `attempts` counts the refusals of the event
alone; `detail`, `status`, `body` and `attempted_at` are those of the last one.';

alter table delivery.destinations
  add column unconfigured text,
  add constraint unconfigured_is_known check (unconfigured in ('paused', 'changed'));

comment on table delivery.destinations is
'A row is a place outside that events are sent to: those of `types`, or of all types when it is
null. `previous_secret` still signs for a while after the secret was changed. `version` grows with
every change, so that whoever sends sees it. `unconfigured` is set while the environment no longer
configures a destination that it has created: "paused" when Moa has paused the destination for that,
"changed" when staff have set the status since.';
