import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** The fields of a CloudEvent that this platform stores. */
export interface Event {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  /** The order of the events of a source. */
  readonly sequence: string;
  readonly data: object;
}

export interface Store {
  /**
   * Stores events, all or none, and returns the number of new events; an event with a stored id
   * changes nothing. Resolves once the events are on disk, unless the store is in memory.
   */
  readonly add: (events: readonly Event[]) => Promise<number>;
  /** The one value that a query selects. */
  readonly read: (sql: string) => Promise<unknown>;
  readonly close: () => void;
}

// Events are stored as received, so that new reports can be made from old events. A refund is a
// sale with negative units and revenue.
const SCHEMA = `
create table if not exists events (
  id text primary key,
  type text not null,
  subject text not null,
  time timestamptz not null,
  data json not null
);
-- Null in events that were stored before Moa sent a sequence.
alter table events add column if not exists sequence text;

create or replace view sales as
select
  time,
  sequence,
  line ->> '$.productId' as product_id,
  line ->> '$.name' as name,
  (line ->> '$.quantity')::bigint as units,
  (line ->> '$.lineTotal')::bigint as revenue
from (
  select time, sequence, unnest(from_json(data -> '$.items', '["json"]')) as line
  from events where type = 'moa.order.paid.v1'
)
union all
select
  time,
  sequence,
  line ->> '$.productId',
  null,
  -(line ->> '$.quantity')::bigint,
  -(line ->> '$.amount')::bigint
from (
  select time, sequence, unnest(from_json(data -> '$.items', '["json"]')) as line
  from events where type = 'moa.order.refunded.v1'
);
`;

// One statement is one transaction.
const INSERT = `
insert into events (id, type, subject, time, data, sequence)
select event ->> '$.id', event ->> '$.type', event ->> '$.subject',
  (event ->> '$.time')::timestamptz, event -> '$.data', event ->> '$.sequence'
from (select unnest(from_json($events::json, '["json"]')) as event)
on conflict do nothing
`;

/** Opens the store in a file, which is created if missing, or in memory: `:memory:`. */
export const openStore = async (file: string): Promise<Store> => {
  const instance = await DuckDBInstance.create(file);
  const writing = await instance.connect();
  const reading = await instance.connect();
  await writing.run(SCHEMA);
  return {
    add: async (events) => (await insert(writing, events)).rowsChanged,
    read: async (sql) => (await reading.runAndReadAll(sql)).getRows()[0]?.[0],
    close: () => {
      writing.closeSync();
      reading.closeSync();
      instance.closeSync();
    },
  };
};

const insert = (db: DuckDBConnection, events: readonly Event[]) =>
  db.run(INSERT, { events: JSON.stringify(events) });
