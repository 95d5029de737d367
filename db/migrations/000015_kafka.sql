-- compatible: expand
-- An earlier version cannot send to Kafka: its attempts fail and the events wait.
alter table delivery.destinations
  drop constraint kind_is_known,
  add constraint kind_is_known check (kind in ('webhook', 'nats', 'kafka')),
  add column ca text;

comment on table delivery.destinations is
'A row is a place outside that events are sent to: those of `types`, or of all types when it is
null. `previous_secret` still signs for a while after the secret was changed. `version` grows with
every change, so that whoever sends sees it. `unconfigured` is set while the environment no longer
configures a destination that it has created: "paused" when Moa has paused the destination for that,
"changed" when staff have set the status since. `ca` has the certificates, in PEM, of the authorities
that a Kafka broker may have its certificate from; null means those that Node.js trusts.';
