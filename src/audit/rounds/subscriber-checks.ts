import type { Queryable } from '../../database/statement.ts';
import { placeOf, type Checked, type Violation } from '../difference.ts';
import { findWrongSales } from '../scrub/queries.gen.ts';
import { listSubscribers, type FindProgressRow, type ListSubscribersRow } from './queries.gen.ts';

/** The sales of more events are left to the scrub: counting their lines takes too long. */
const POSITIONS_MAX = 20_000;
const VIOLATIONS_MAX = 100;
/** The view of both entries of each transfer. */
export const ENTRIES = 'wallet.entries';
const BEST_SELLERS = 'cursor best-sellers';

/** The events that a subscriber has read since the last round, against those in the journal. */
const findUnread = ({ name, position, read, readBefore, events }: ListSubscribersRow) => {
  if (events === null || readBefore === null || read - readBefore === events) return [];
  const violation: Violation = {
    part: 'journal.cursors',
    key: `${name} ${placeOf(position)}`,
    invariants: ['J2'],
    kind: 'subscriber',
    subject: name,
    expected: { events },
    found: { events: read - readBefore },
    since: position,
  };
  return [violation];
};

/** What the best sellers have recorded since the last round (B1). */
const findWrongNewSales = async (
  db: Queryable,
  subscriber: ListSubscribersRow | undefined,
): Promise<Violation[]> => {
  const { before, position, events } = subscriber ?? { before: null, position: 0, events: null };
  const isShort = before !== null && events !== null && position - before <= POSITIONS_MAX;
  if (!isShort || position === before) return [];
  const wrong = await findWrongSales(db, { after: before, upTo: position, limit: VIOLATIONS_MAX });
  return wrong.map(({ productId, expected, found }) => ({
    part: 'bestseller.sales',
    key: `${placeOf(position)} ${productId}`,
    invariants: ['B1'],
    kind: 'product',
    subject: productId,
    expected: expected as object | null,
    found: found as object | null,
    since: position,
  }));
};

/** Checks what the subscribers have done since the last round (J2, B1); also returns their rows. */
export const checkSubscribers = async (
  db: Queryable,
): Promise<{ readonly subscribers: ListSubscribersRow[]; readonly checked: Checked[] }> => {
  const subscribers = await listSubscribers(db);
  const bestSellers = subscribers.find(({ name }) => name === BEST_SELLERS);
  return {
    subscribers,
    checked: [
      { part: 'journal.cursors', keys: [], violations: subscribers.flatMap(findUnread) },
      {
        part: 'bestseller.sales',
        keys: [],
        violations: await findWrongNewSales(db, bestSellers),
      },
    ],
  };
};

/** The versions of migrations and of PostgreSQL, with which the text of a view may change. */
const versionsOf = (view: string): string => view.split(' ', 2).join(' ');

/**
 * The view that derives both entries from a transfer must not change (W1): its text is compared
 * with that of the last round, of the same versions of the schema and of PostgreSQL.
 */
export const checkEntriesView = ({ entriesView, viewNow, last }: FindProgressRow): Checked => {
  const isSame =
    entriesView === null ||
    entriesView === viewNow ||
    versionsOf(entriesView) !== versionsOf(viewNow);
  const violation: Violation = {
    part: ENTRIES,
    key: 'view',
    invariants: ['W1'],
    kind: 'database',
    subject: ENTRIES,
    expected: { view: entriesView },
    found: { view: viewNow },
    since: last,
  };
  return { part: ENTRIES, keys: ['view'], violations: isSame ? [] : [violation] };
};
