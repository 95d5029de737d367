// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  column,
  int8Element,
  jsonElement,
  nullableElement,
  textElement,
  timeElement,
  uuidElement,
} from '../../database/array.ts';
import {
  batch,
  exec,
  many,
  one,
  toArray,
  toBoolean,
  toDate,
  toJson,
  toSafeInteger,
} from '../../database/statement.ts';

export interface TryLeaseRow {
  readonly taken: boolean;
}

/** The connection holds the lease until it ends. */
export const tryLease = one<void, TryLeaseRow>({
  name: 'audit.rounds.TryLease',
  text: `select pg_try_advisory_lock(hashtextextended('audit', 0)) as "taken!"`,
  encode: () => [],
  decode: (r) => ({ taken: toBoolean(r[0]!) }),
});

export const listenForRuns = exec<void>({
  name: 'audit.rounds.ListenForRuns',
  text: `listen moa_audit`,
  encode: () => [],
});

export interface RequestRunRow {
  readonly run: number;
  readonly sent: boolean;
}

export const requestRun = one<void, RequestRunRow>({
  name: 'audit.rounds.RequestRun',
  text: `with requested as (
  update audit.progress set requested = requested + 1 returning requested
)
select requested as "run!", pg_notify('moa_audit', '') is null as "sent!" from requested`,
  encode: () => [],
  decode: (r) => ({ run: toSafeInteger(r[0]!), sent: toBoolean(r[1]!) }),
});

export interface FindProgressRow {
  readonly step: number;
  readonly position: number;
  readonly ahead: readonly number[];
  readonly answersUntil: Date | null;
  readonly provenAt: Date | null;
  readonly rounds: number;
  readonly roundMs: number;
  readonly requested: number;
  readonly answered: number;
  readonly entriesView: string | null;
  readonly viewNow: string;
  readonly now: Date;
  readonly last: number;
}

export const findProgress = one<void, FindProgressRow>({
  name: 'audit.rounds.FindProgress',
  text: `select
  step, position, ahead, answers_until, proven_at, rounds, round_ms, requested, answered,
  entries_view,
  (select (select max(name) from moa.migrations) || ' ' || current_setting('server_version_num')
    || ' ' || pg_get_viewdef('wallet.entries'::regclass)) as "view_now!",
  date_trunc('milliseconds', clock_timestamp()) as "now!",
  coalesce((select max(position) from journal.events), 0) as "last!"
from audit.progress`,
  encode: () => [],
  decode: (r) => ({
    step: toSafeInteger(r[0]!),
    position: toSafeInteger(r[1]!),
    ahead: toArray(r[2]!, toSafeInteger),
    answersUntil: r[3] === null ? null : toDate(r[3]!),
    provenAt: r[4] === null ? null : toDate(r[4]!),
    rounds: toSafeInteger(r[5]!),
    roundMs: toSafeInteger(r[6]!),
    requested: toSafeInteger(r[7]!),
    answered: toSafeInteger(r[8]!),
    entriesView: r[9] ?? null,
    viewNow: r[10]!,
    now: toDate(r[11]!),
    last: toSafeInteger(r[12]!),
  }),
});

export interface ReadNextRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: unknown;
  readonly bytes: number;
}

/** The next events that were not folded, decided or not: until they have `bytesMax` together. */
export const readNext = many<{
  readonly after: number;
  readonly ahead: readonly number[];
  readonly limit: number;
  readonly bytesMax: number;
}, ReadNextRow>({
  name: 'audit.rounds.ReadNext',
  text: `select position, event_id, type, subject, time, data, bytes as "bytes!"
from (
  select *, sum(bytes) over (order by position) - bytes as before
  from (
    select *, octet_length(data::text) as bytes
    from journal.events
    where position > $1::bigint and position <> all($2::bigint[])
    order by position
    limit $3::int
  ) as next
) as page
where before < $4::bigint
order by position`,
  encode: (params) => [
    params.after,
    arrayOf(params.ahead, int8Element),
    params.limit,
    params.bytesMax,
  ],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: toJson(r[5]!),
    bytes: Number(r[6]!),
  }),
});

/** First in its transaction: locks the progress. 0 when another process has written meanwhile. */
export const closeStep = exec<{
  readonly position: number;
  readonly ahead: readonly number[];
  readonly step: number;
}>({
  name: 'audit.rounds.CloseStep',
  text: `update audit.progress
set step = step + 1, position = $1, ahead = $2::bigint[]
where step = $3`,
  encode: (params) => [params.position, arrayOf(params.ahead, int8Element), params.step],
});

export const closeRound = exec<{
  readonly provenAt: Date;
  readonly roundMs: number;
  readonly answered: number;
  readonly entriesView: string | null;
}>({
  name: 'audit.rounds.CloseRound',
  text: `update audit.progress
set
  proven_at = $1, rounds = rounds + 1, round_ms = $2, answered = $3,
  entries_view = $4`,
  encode: (params) => [
    params.provenAt.toISOString(),
    params.roundMs,
    params.answered,
    params.entriesView,
  ],
});

export const keepRows = batch<{
  readonly tableName: string;
  readonly key: string;
  readonly row: string;
  readonly position: number;
}>({
  name: 'audit.rounds.KeepRows',
  text: `insert into audit.rows (table_name, key, row, position)
select * from unnest($1::text[], $2::text[], $3::json[], $4::bigint[])
on conflict (table_name, key) do update set row = excluded.row, position = excluded.position`,
  encode: (rows) => [
    column(rows, (row) => row.tableName, textElement),
    column(rows, (row) => row.key, textElement),
    column(rows, (row) => row.row, jsonElement),
    column(rows, (row) => row.position, int8Element),
  ],
});

export const keepOrders = batch<{ readonly orderId: string; readonly positions: string }>({
  name: 'audit.rounds.KeepOrders',
  text: `insert into audit.orders as o (order_id, positions)
select order_id, positions::bigint[]
from unnest($1::uuid[], $2::text[]) as k (order_id, positions)
on conflict (order_id) do update set positions = o.positions || excluded.positions`,
  encode: (rows) => [
    column(rows, (row) => row.orderId, uuidElement),
    column(rows, (row) => row.positions, textElement),
  ],
});

export const keepEvents = exec<{ readonly positions: readonly number[] }>({
  name: 'audit.rounds.KeepEvents',
  text: `insert into audit.events as b (block, offsets, digests)
select
  position / 1000, array_agg((position % 1000)::smallint order by position),
  array_agg(audit.digest(concat_ws(' ', event_id, type, subject, time, data)) order by position)
from journal.events
where position = any($1::bigint[])
group by 1
on conflict (block) do update
set offsets = b.offsets || excluded.offsets, digests = b.digests || excluded.digests`,
  encode: (params) => [arrayOf(params.positions, int8Element)],
});

export interface FindFirstAnswerRow {
  readonly first: Date | null;
}

export const findFirstAnswer = one<void, FindFirstAnswerRow>({
  name: 'audit.rounds.FindFirstAnswer',
  text: `select min(created_at) as "first?" from commit.idempotency_keys`,
  encode: () => [],
  decode: (r) => ({ first: r[0] === null ? null : toDate(r[0]!) }),
});

export const keepAnswers = exec<{ readonly after: Date; readonly upTo: Date }>({
  name: 'audit.rounds.KeepAnswers',
  text: `insert into audit.answers (second, key_ids, digests)
select
  date_trunc('second', created_at), array_agg(key_id),
  array_agg(case
    when body in ('', '{}') then 0
    else audit.digest(concat_ws(' ', key_id, fingerprint, status, body))
  end)
from commit.idempotency_keys
where created_at >= $1::timestamptz and created_at < $2::timestamptz
group by 1
on conflict (second) do nothing`,
  encode: (params) => [params.after.toISOString(), params.upTo.toISOString()],
});

export const moveAnswers = exec<{ readonly until: Date }>({
  name: 'audit.rounds.MoveAnswers',
  text: `update audit.progress set answers_until = $1::timestamptz`,
  encode: (params) => [params.until.toISOString()],
});

export const deleteAnswers = exec<{ readonly olderThan: Date }>({
  name: 'audit.rounds.DeleteAnswers',
  text: `delete from audit.answers where second < $1::timestamptz`,
  encode: (params) => [params.olderThan.toISOString()],
});

export interface ListSubscribersRow {
  readonly name: string;
  readonly position: number;
  readonly read: number;
  readonly build: number;
  readonly before: number | null;
  readonly readBefore: number | null;
  readonly events: number | null;
}

/**
 * Each subscriber now, as the last round saw it, and the events between: for a rebuild or a new
 * subscriber, nothing. A destination's first position is where it begins. More events take too long
 * to count.
 */
export const listSubscribers = many<void, ListSubscribersRow>({
  name: 'audit.rounds.ListSubscribers',
  text: `with now as (
  select 'cursor ' || name as name, position, events as read, build from journal.cursors
  union all
  select 'destination ' || destination_id, position, seen, begin_position from delivery.progress
)
select
  n.name as "name!", n.position as "position!", n.read as "read!", n.build as "build!",
  s.position as "before?", s.read as "read_before?",
  case when s.build = n.build and n.position - s.position between 0 and 10000000 then (
    select count(*) from journal.events e where e.position > s.position and e.position <= n.position
  ) end as "events?"
from now n left join audit.subscribers s using (name)`,
  encode: () => [],
  decode: (r) => ({
    name: r[0]!,
    position: toSafeInteger(r[1]!),
    read: toSafeInteger(r[2]!),
    build: toSafeInteger(r[3]!),
    before: r[4] === null ? null : toSafeInteger(r[4]!),
    readBefore: r[5] === null ? null : toSafeInteger(r[5]!),
    events: r[6] === null ? null : toSafeInteger(r[6]!),
  }),
});

export const keepSubscribers = batch<{
  readonly name: string;
  readonly position: number;
  readonly read: number;
  readonly build: number;
}>({
  name: 'audit.rounds.KeepSubscribers',
  text: `insert into audit.subscribers (name, position, read, build)
select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
on conflict (name) do update
set position = excluded.position, read = excluded.read, build = excluded.build`,
  encode: (rows) => [
    column(rows, (row) => row.name, textElement),
    column(rows, (row) => row.position, int8Element),
    column(rows, (row) => row.read, int8Element),
    column(rows, (row) => row.build, int8Element),
  ],
});

export interface FindRepeatedEffectsRow {
  readonly userId: string;
  readonly number: number;
  readonly kind: string;
  readonly reference: string;
}

/**
 * The new transfers whose reference an earlier one of the same kind and wallet has, among the new
 * ones and the twenty before them.
 */
export const findRepeatedEffects = many<{
  readonly userIds: readonly string[];
  readonly numbers: readonly number[];
}, FindRepeatedEffectsRow>({
  name: 'audit.rounds.FindRepeatedEffects',
  text: `select t.user_id, max(t.number) as "number!", t.kind, t.reference
from (
  select user_id, min(number) as first, max(number) as last
  from unnest($1::text[], $2::bigint[]) as new (user_id, number)
  group by user_id
) as new
join wallet.transfers t
  on t.user_id = new.user_id and t.number between new.first - 20 and new.last
where t.kind <> 'refund'
group by t.user_id, t.kind, t.reference, new.first
having count(*) > 1 and max(t.number) >= new.first`,
  encode: (params) => [arrayOf(params.userIds, textElement), arrayOf(params.numbers, int8Element)],
  decode: (r) => ({ userId: r[0]!, number: toSafeInteger(r[1]!), kind: r[2]!, reference: r[3]! }),
});

/** The checked keys of a part: those that are found again are inserted afterwards. */
export const closeViolations = exec<{ readonly part: string; readonly keys: readonly string[] }>({
  name: 'audit.rounds.CloseViolations',
  text: `delete from audit.violations where part = $1 and key = any($2::text[])`,
  encode: (params) => [params.part, arrayOf(params.keys, textElement)],
});

export const closeViolationsIn = exec<{
  readonly part: string;
  readonly after: string;
  readonly upTo: string | null;
}>({
  name: 'audit.rounds.CloseViolationsIn',
  text: `delete from audit.violations
where part = $1 and key > $2 and ($3::text is null or key <= $3::text)`,
  encode: (params) => [params.part, params.after, params.upTo],
});

export const openViolations = batch<{
  readonly part: string;
  readonly key: string;
  readonly invariants: string;
  readonly kind: string;
  readonly subject: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly since: number | null;
  readonly foundAt: Date;
}>({
  name: 'audit.rounds.OpenViolations',
  text: `insert into audit.violations (
  part, key, invariants, kind, subject, expected, found, since, found_at
)
select part, key, invariants::text[], kind, subject, expected::json, found::json, since, found_at
from unnest(
  $1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
  $6::text[], $7::text[], $8::bigint[], $9::timestamptz[]
) as v (part, key, invariants, kind, subject, expected, found, since, found_at)
on conflict (part, key) do update
set
  invariants = excluded.invariants, expected = excluded.expected, found = excluded.found`,
  encode: (rows) => [
    column(rows, (row) => row.part, textElement),
    column(rows, (row) => row.key, textElement),
    column(rows, (row) => row.invariants, textElement),
    column(rows, (row) => row.kind, textElement),
    column(rows, (row) => row.subject, textElement),
    column(rows, (row) => row.expected, nullableElement(textElement)),
    column(rows, (row) => row.found, nullableElement(textElement)),
    column(rows, (row) => row.since, nullableElement(int8Element)),
    column(rows, (row) => row.foundAt, timeElement),
  ],
});

export interface ListViolationsRow {
  readonly part: string;
  readonly key: string;
  readonly invariants: readonly string[];
  readonly kind: string;
  readonly subject: string;
  readonly expected: unknown;
  readonly found: unknown;
  readonly since: number | null;
  readonly foundAt: Date;
}

export const listViolations = many<{ readonly limit: number }, ListViolationsRow>({
  name: 'audit.rounds.ListViolations',
  text: `select part, key, invariants, kind, subject, expected, found, since, found_at
from audit.violations
order by found_at, part, key
limit $1::int`,
  encode: (params) => [params.limit],
  decode: (r) => ({
    part: r[0]!,
    key: r[1]!,
    invariants: toArray(r[2]!, String),
    kind: r[3]!,
    subject: r[4]!,
    expected: r[5] === null ? null : toJson(r[5]!),
    found: r[6] === null ? null : toJson(r[6]!),
    since: r[7] === null ? null : toSafeInteger(r[7]!),
    foundAt: toDate(r[8]!),
  }),
});

export interface CountViolationsRow {
  readonly invariant: string;
  readonly violations: number;
}

export const countViolations = many<void, CountViolationsRow>({
  name: 'audit.rounds.CountViolations',
  text: `select invariant as "invariant!", count(*) as "violations!"
from audit.violations, unnest(invariants) as invariant
group by invariant`,
  encode: () => [],
  decode: (r) => ({ invariant: r[0]!, violations: toSafeInteger(r[1]!) }),
});
