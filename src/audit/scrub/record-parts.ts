import { placeOf } from '../difference.ts';
import { QUARTER_MS } from '../sales/quarters.ts';
import {
  countDaySales,
  findAnswersEnd,
  findChangedAnswers,
  findChangedEvents,
  findPositionAt,
  findQuartersEnd,
  findSalesEnd,
  findWrongDays,
  findWrongQuarters,
  findWrongSales,
} from './queries.gen.ts';
import { END, type Part } from './slice.ts';

/** Positions per block of digests. */
const BLOCK = 1_000;
/** Violations of one slice: enough to see a pattern. */
const LIMIT = 100;
const DAY_MS = 86_400_000;
/** The ranges of best sellers and of the check of the report. */
const DAYS = 30;

const TIME_START = new Date(0).toISOString();
const TIME_LENGTH = TIME_START.length;
const QUARTERS_PER_DAY = 96;
/** Counting the lines of more orders takes longer than a tenth of a second. */
const ORDERS_MAX = 10_000;
/** As in `FindSalesEnd`. */
const POSITIONS_PER_SLICE = 5_000;

/** Adding up the sales of a day takes a tenth of the time of reading as many events. */
const SALES_PER_POSITION = 10;

/** The events, against the digests of when they were folded. */
const eventsPart: Part = {
  name: 'journal.events',
  start: '',
  sizedBy: { table: 'journal.events' },
  check: async ({ db, position }, after, limit) => {
    const begin = after === '' ? -1 : (Number(after) + 1) / BLOCK - 1;
    const last = Math.floor(position / BLOCK);
    const upTo = Math.min(last, begin + Math.ceil(limit / BLOCK));
    const changed = await findChangedEvents(db, {
      after: begin,
      upTo,
      proven: position,
      limit: LIMIT,
    });
    return {
      upTo: upTo === last ? undefined : placeOf((upTo + 1) * BLOCK - 1),
      visited: (upTo - begin) * BLOCK,
      violations: changed.map(({ position: at, type, subject, wasKnown }) => ({
        part: 'journal.events',
        key: placeOf(at),
        invariants: ['J1'],
        kind: 'event',
        subject: String(at),
        expected: wasKnown ? { position: at } : null,
        found: type === null ? null : { position: at, type, subject, changed: wasKnown },
        since: at,
      })),
    };
  },
};

/** The idempotency records, against their digests of when they were first seen (O3). */
const answersPart: Part = {
  name: 'commit.idempotency_keys',
  start: TIME_START,
  sizedBy: { table: 'commit.idempotency_keys' },
  check: async ({ db }, place, rows) => {
    const after = new Date(place.slice(0, TIME_LENGTH));
    const { last, keys, isEnd } = (await findAnswersEnd(db, { after, keys: Math.ceil(rows) }))!;
    const changed = last === null ? [] : await findChangedAnswers(db, { after, last });
    return {
      upTo: last === null || isEnd ? undefined : `${last.toISOString()}${END}`,
      visited: keys,
      violations: changed.map(({ keyId, second, expected, digest, isGone }) => ({
        part: 'commit.idempotency_keys',
        key: `${second.toISOString()} ${keyId}`,
        invariants: ['O3'],
        kind: 'idempotency_key',
        subject: keyId,
        expected: { digest: expected },
        found: isGone ? null : { digest },
        since: null,
      })),
    };
  },
};

/** The recorded sales of some runs, against their events (B1). */
const salesPart: Part = {
  name: 'bestseller.sales',
  start: placeOf(0),
  sizedBy: { table: 'journal.events', rowsPerSlice: POSITIONS_PER_SLICE },
  check: async ({ db }, place) => {
    const from = Number(place.slice(0, placeOf(0).length));
    const { first } = (await findSalesEnd(db, { after: from }))!;
    const after = from === 0 ? (first ?? 0) : from;
    const { end, cursor } = (await findSalesEnd(db, { after }))!;
    const upTo = end ?? cursor;
    const wrong = await findWrongSales(db, { after, upTo, limit: LIMIT });
    return {
      upTo: end === null || end >= cursor ? undefined : `${placeOf(end)}${END}`,
      visited: upTo - after,
      violations: wrong.map(({ productId, expected, found }) => ({
        part: 'bestseller.sales',
        key: `${placeOf(upTo)} ${productId}`,
        invariants: ['B1'],
        kind: 'product',
        subject: productId,
        expected: expected as object | null,
        found: found as object | null,
        since: upTo,
      })),
    };
  },
};

/** One day's sums of best sellers, against its sales (B1). */
const daysPart: Part = {
  name: 'bestseller.days',
  start: TIME_START,
  sizedBy: { slices: DAYS },
  check: async ({ db, now }, place, _limit, countMax) => {
    const after = Date.parse(place.slice(0, TIME_LENGTH));
    const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
    const day = new Date(Math.max(after + DAY_MS, today - (DAYS - 1) * DAY_MS));
    const salesMax = countMax * SALES_PER_POSITION;
    const { sales } = (await countDaySales(db, { day, limit: salesMax + 1 }))!;
    const wrong = sales > salesMax ? undefined : await findWrongDays(db, { day, limit: LIMIT });
    return {
      upTo: day.getTime() >= today ? undefined : `${day.toISOString()}${END}`,
      visited: 1,
      violations: wrong?.map(({ productId, expected, found }) => ({
        part: 'bestseller.days',
        key: `${day.toISOString()} ${productId}`,
        invariants: ['B1'],
        kind: 'product',
        subject: productId,
        expected: expected as object | null,
        found: found as object | null,
        since: null,
      })),
    };
  },
};

const NO_PRODUCT = '00000000-0000-0000-0000-000000000000';

/** The report's sums of some quarters of an hour, against their events (R1). */
const quartersPart: Part = {
  name: 'report.totals',
  start: TIME_START,
  sizedBy: { slices: DAYS * QUARTERS_PER_DAY },
  check: async ({ db, now }, place, _limit, countMax) => {
    const done = Date.parse(place.slice(0, TIME_LENGTH));
    const begin = Math.floor((now.getTime() - DAYS * DAY_MS) / QUARTER_MS) * QUARTER_MS;
    const from = Math.max(done + QUARTER_MS, begin);
    const after = new Date(from - 1);
    const { next, current, orders } = (await findQuartersEnd(db, { after }))!;
    const last = next ?? current;
    // A busy quarter of an hour is counted once, after its end.
    const isBusy = last >= current && orders > ORDERS_MAX;
    const to = new Date(isBusy ? current : last.getTime() + QUARTER_MS);
    // A quarter more on both sides: a transaction takes far less.
    const [early, late] = [from - QUARTER_MS, to.getTime() + QUARTER_MS];
    const { position: first } = (await findPositionAt(db, { time: new Date(early) }))!;
    const { position: beyond } = (await findPositionAt(db, { time: new Date(late) }))!;
    const range = { from: new Date(from), to, first, beyond };
    const isShort = beyond - first <= countMax;
    const wrong = isShort ? await findWrongQuarters(db, { ...range, limit: LIMIT }) : undefined;
    return {
      upTo: next === null || isBusy ? undefined : `${next.toISOString()}${END}`,
      visited: 1,
      violations: wrong?.map(({ quarter, productId, expected, found }) => ({
        part: 'report.totals',
        key: `${quarter.toISOString()} ${productId}`,
        invariants: ['R1'],
        kind: productId === NO_PRODUCT ? 'database' : 'product',
        subject: productId === NO_PRODUCT ? quarter.toISOString() : productId,
        expected: expected === null ? null : { sums: expected },
        found: found === null ? null : { sums: found },
        since: null,
      })),
    };
  },
};

/** What is kept beside the rows of tables. */
export const RECORD_PARTS: readonly Part[] = [
  eventsPart,
  answersPart,
  salesPart,
  daysPart,
  quartersPart,
];
