import type { Queryable } from '../database/statement.ts';
import type { JournalReader } from '../journal/index.ts';
import { findChangedOrders } from '../order/index.ts';
import type { Members } from './members.ts';
import { touchedBy, type Touched } from './touched.ts';

/** What the journal says since the last step. */
export interface Step {
  /** The position up to which everything is decided. */
  readonly position: number;
  readonly touched: Touched;
  /** Whether positions were skipped, so every stream needs the current state. */
  readonly isJump: boolean;
}

type StepReader = Pick<JournalReader, 'read' | 'findDecided'>;

/** Events of a statement. */
const EVENTS_MAX = 1_000;
/** Beyond this many positions every stream gets the current state again. */
const BEHIND_MAX = 50_000;

export const NOTHING_TOUCHED: Touched = {
  productIds: new Set(),
  userIds: new Set(),
  owners: new Map(),
};

/** Reads the events after a position, up to a decided one: at most `BEHIND_MAX`, in parts. */
const readTouched = async (
  reader: StepReader,
  after: number,
  upTo: number,
): Promise<{ readonly position: number; readonly touched: Touched }> => {
  const events: Parameters<typeof touchedBy>[0][number][] = [];
  let position = after;
  while (position < upTo) {
    const part = await reader.read(position, EVENTS_MAX);
    events.push(...part.map(({ type, data }) => ({ type, data })));
    // Rolled-back positions leave gaps, so the last event may be before the end.
    const last = part.at(-1)?.position ?? upTo;
    position = part.length === EVENTS_MAX ? last : Math.max(last, upTo);
  }
  return { position, touched: touchedBy(events) };
};

/** Everything that is followed; of the orders, those with an event between two positions. */
const touchAll = async (
  db: Queryable,
  { products, wallets, orders }: Members,
  range: { readonly after: number; readonly upTo: number },
): Promise<Touched> => {
  const userIds = orders.keys();
  const changes = userIds.length === 0 ? [] : await findChangedOrders(db, { userIds, ...range });
  const inOrder = changes.toSorted((a, b) => a.position - b.position);
  return {
    productIds: new Set(products.keys()),
    userIds: new Set(wallets.keys()),
    owners: new Map(inOrder.map(({ orderId, userId }) => [orderId, userId])),
  };
};

/**
 * Finds what may have changed since a position; without one it begins at the end of the journal.
 * Reads the events, or when they are more than the products and users that are followed, takes all
 * of these as changed: reading a state costs less than reading an event.
 */
export const readStep = async (
  { reader, db, members }: { reader: StepReader; db: Queryable; members: Members },
  position: number | undefined,
): Promise<Step> => {
  const decided = await reader.findDecided(position ?? Number.MAX_SAFE_INTEGER);
  if (position === undefined) {
    return { position: decided, touched: NOTHING_TOUCHED, isJump: false };
  }
  const behind = decided - position;
  // An older copy of the database was restored, or there are too many events.
  if (behind < 0 || behind > BEHIND_MAX) {
    return { position: decided, touched: NOTHING_TOUCHED, isJump: true };
  }
  const { products, wallets, orders } = members;
  if (behind > products.size() + wallets.size() + orders.size()) {
    const range = { after: position, upTo: decided };
    return { position: decided, touched: await touchAll(db, members, range), isJump: false };
  }
  return { ...(await readTouched(reader, position, decided)), isJump: false };
};
