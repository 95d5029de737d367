import type { Queryable } from '../database/statement.ts';
import { isDoubtful, movementOf, type Movement, type MovingEvent } from './movement.ts';
import {
  findPlacedAt,
  findStock,
  listMovingEvents,
  type ListMovingEventsRow,
} from './queries.gen.ts';

/** A movement, its event, and the stock after it. */
export interface RecordedMovement extends Movement {
  readonly eventId: string;
  readonly position: number;
  readonly time: Date;
  readonly after: Stock;
}

interface Stock {
  readonly onHand: number;
  readonly reserved: number;
}

/** Where the walk continues: at the events up to a position, after which the stock is known. */
export interface WalkPlace extends Stock {
  readonly upTo: number;
}

export interface MovementPage {
  readonly movements: readonly RecordedMovement[];
  /** Undefined when the product's creation was reached. */
  readonly next: WalkPlace | undefined;
}

/** Positions of the first statement, in which a product that sells well has a page of movements. */
const SLICE_MIN = 20_000;
/** Positions of a later statement, which takes half a second. */
const SLICE_MAX = 320_000;
/**
 * Positions of one request: more than those of a million orders, read in about three seconds. Then
 * the client continues.
 */
const WALK_MAX = 2_000_000;

// The statement selects the types; the deciders write the journal, so a type implies its data.
const eventOf = (row: ListMovingEventsRow): MovingEvent => row as unknown as MovingEvent;

/**
 * The next movements of a product, at most `limit`, newest first; undefined when it does not exist.
 * The newest movement leaves the current stock; each earlier one leaves what the later one has
 * changed. A product's events have their positions in commit order, so no event of the product
 * commits below one that is visible.
 */
export const readMovements = async (
  db: Queryable,
  {
    productId,
    limit,
    place,
    signal,
  }: {
    readonly productId: string;
    readonly limit: number;
    readonly place: WalkPlace | undefined;
    readonly signal?: AbortSignal | undefined;
  },
  walkMax = WALK_MAX,
): Promise<MovementPage | undefined> => {
  const current = await findStock(db, { productId });
  if (current === undefined) return undefined;
  const start = place ?? { ...current, upTo: current.position };
  const stop = Math.max(0, start.upTo - walkMax);

  const rows: ListMovingEventsRow[] = [];
  const isComplete = (): boolean => rows.at(-1)?.type === 'product.created.v1';
  let upTo = start.upTo;
  for (let slice = SLICE_MIN; upTo > stop; slice = Math.min(slice * 2, SLICE_MAX)) {
    if (rows.length > limit || isComplete() || signal?.aborted === true) break;
    const after = Math.max(stop, upTo - slice);
    const range = { productId, after, upTo, limit: limit + 1 - rows.length };
    rows.push(...(await listMovingEvents(db, range)));
    upTo = after;
  }

  const wasPlaced = await findPlaced(db, productId, rows);
  let stock: Stock = start;
  const movements = rows.slice(0, limit).map((row) => {
    const movement = movementOf(eventOf(row), productId, wasPlaced);
    const after = stock;
    stock = before(after, movement);
    const { eventId, position, time } = row;
    return { ...movement, eventId, position, time, after };
  });
  const reached = rows[limit]?.position ?? upTo;
  const isLast = rows.length <= limit && (isComplete() || upTo === 0);
  return { movements, next: isLast ? undefined : { ...stock, upTo: reached } };
};

const before = (after: Stock, { onHand, reserved }: Movement): Stock => ({
  onHand: after.onHand - onHand,
  reserved: after.reserved - reserved,
});

/**
 * Tells whether an order was placed before its doubtful sale. The reservation is of the same
 * millisecond, so it is among the rows unless they end within that millisecond.
 */
const findPlaced = async (
  db: Queryable,
  productId: string,
  rows: readonly ListMovingEventsRow[],
): Promise<(orderId: string) => boolean> => {
  const placed = new Set(
    rows.filter(({ type }) => type === 'order.placed.v1').map(({ subject }) => subject),
  );
  const last = rows.at(-1)?.time;
  const isOpen = (row: ListMovingEventsRow): boolean =>
    row.time.getTime() === last?.getTime() && isDoubtful(eventOf(row)) && !placed.has(row.subject);
  if (last !== undefined && rows.some(isOpen)) {
    const found = await findPlacedAt(db, { productId, time: last });
    for (const { orderId } of found) placed.add(orderId);
  }
  return (orderId) => placed.has(orderId);
};
