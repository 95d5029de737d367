-- How many events each subscriber has read up to its position, so that the audit finds one that was
-- passed over.

alter table journal.cursors add column events bigint;
update journal.cursors c
set events = (select count(*) from journal.events e where e.position <= c.position);
alter table journal.cursors alter column events set not null;

comment on table journal.cursors is
'A row is a subscriber of the journal: every event up to `position` has had its effect on what the
subscriber keeps, and no later one. It moves in the transaction of the effect. `events` counts those
events, as they were read. `build` numbers the copies of what is kept, so that a new one can be made
beside the one that is read.';

alter table delivery.progress add column begin_position bigint, add column seen bigint;
update delivery.progress set begin_position = position, seen = 0;
alter table delivery.progress
  alter column begin_position set not null,
  alter column seen set not null;

comment on table delivery.progress is
'A row is how far a destination is: every event up to `position` that it wants was taken by it or is
a dead letter. `seen` counts the events of any type beyond `begin_position` and up to `position`, as
they were read. `delivered` counts the events that it took. Only the process that holds the
destination''s lock moves it.';
