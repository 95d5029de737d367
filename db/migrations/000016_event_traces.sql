-- compatible: expand
create table journal.traces (
  event_id uuid constraint event_has_one_trace primary key,
  traceparent text collate "C" not null
);

comment on table journal.traces is
'A row names the request that has caused an event, by the `traceparent` of its span (W3C Trace
Context), while its trace may still be looked at. Events of requests that are not traced have no
row. The row is no part of the event: the audit and the transparency log do not know it.';
