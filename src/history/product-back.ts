import type {
  Description,
  Product,
  ProductChanged,
  ProductCreated,
  ProductDetails,
} from '../catalog/index.ts';
import type { Queryable } from '../database/statement.ts';
import { movementOf, type MovingEvent } from './movement.ts';
import { SLICE, concerns, listEvents } from './product-events.ts';
import { findDescribedProduct, findEventFrom, type ListProductEventsRow } from './queries.gen.ts';

type DescribedProduct = Product & Description;

/** `at` is nearer to the creation than to the present, or the read events do not suffice. */
export const TOO_FAR = 'too far';

/**
 * An event of a lower position can have a later time: transactions take their time before they wait
 * for a lock. They end within seconds.
 */
const SKEW_MS = 60_000;

interface Places {
  readonly productId: string;
  readonly at: Date;
  readonly created: number;
  readonly last: number;
  readonly signal: AbortSignal | undefined;
}

/** About the first position whose event is later than a time, within a slice. */
const findPosition = async (
  db: Queryable,
  { created, last }: Places,
  time: number,
): Promise<number> => {
  let [low, high] = [created, last];
  while (high - low > SLICE) {
    const position = Math.floor((low + high) / 2);
    const event = await findEventFrom(db, { position });
    if (event !== undefined && event.time.getTime() <= time) low = position;
    else high = position;
  }
  return low;
};

const isRestock = ({ type, data }: ListProductEventsRow): boolean =>
  type !== 'order.refunded.v1' || (data as { readonly restock: boolean }).restock;

/** The details after a creation or a change; undefined for a change of an early version. */
const detailsAfter = ({ type, data }: ListProductEventsRow): ProductDetails | undefined => {
  if (type === 'product.changed.v1') return (data as Partial<ProductChanged['data']>).product;
  const { name, price, description, imageUrl, sku, metadata } = data as ProductCreated['data'];
  return {
    name,
    price,
    description,
    imageUrl,
    sku: sku ?? null,
    metadata: metadata ?? {},
    status: 'active',
  };
};

/** Undoes the later events on the current row; earlier ones give `updatedAt` and details. */
const takeBack = (
  current: DescribedProduct,
  earlier: readonly ListProductEventsRow[],
  later: readonly ListProductEventsRow[],
): DescribedProduct | undefined => {
  if (later.length === 0) return current;
  const { productId } = current;
  const updated = earlier.findLast(isRestock);
  const hasDetails = ({ type }: ListProductEventsRow): boolean =>
    type === 'product.created.v1' || type === 'product.changed.v1';
  const isChanged = later.some(hasDetails);
  const source = isChanged ? earlier.findLast(hasDetails) : undefined;
  const details = source === undefined ? current : detailsAfter(source);
  if (updated === undefined || details === undefined || (isChanged && source === undefined)) {
    return undefined;
  }
  let { onHand, reserved } = current;
  const placed = new Set(
    later.filter(({ type }) => type === 'order.placed.v1').map(({ subject }) => subject),
  );
  for (const event of later) {
    if (event.type === 'product.changed.v1' || !isRestock(event)) continue;
    // The deciders write the journal, so a type implies its data.
    const moving = event as unknown as MovingEvent;
    const movement = movementOf(moving, productId, (orderId) => placed.has(orderId));
    onHand -= movement.onHand;
    reserved -= movement.reserved;
  }
  const { createdAt } = current;
  return {
    ...current,
    ...details,
    productId,
    onHand,
    reserved,
    createdAt,
    updatedAt: updated.time,
  };
};

/**
 * The product before its first event that is later than `at`: the current row, from which the later
 * events are taken back. Reads the journal from its end backwards, at most as far as the product's
 * creation is from `at`. `db` is one snapshot, so that the row has exactly the events.
 */
export const readProductBack = async (
  db: Queryable,
  places: Places,
): Promise<DescribedProduct | typeof TOO_FAR> => {
  const { productId, at, created, last, signal } = places;
  const current = await findDescribedProduct(db, { productId });
  const begin = await findPosition(db, places, at.getTime() - SKEW_MS);
  if (current === undefined || last - begin > begin - created) return TOO_FAR;
  const stop = Math.max(created, last - 2 * (last - begin) - SLICE);
  const events: ListProductEventsRow[] = [];
  for (let upTo = last; upTo > stop; upTo -= SLICE) {
    if (signal?.aborted === true) break;
    const after = Math.max(created - 1, upTo - SLICE);
    const slice = await listEvents(db, { productId, after, upTo });
    events.unshift(...slice.filter((event) => concerns(event, productId)));
    if (after > begin) continue;
    const cut = events.findIndex(({ time }) => time > at);
    const [earlier, later] = cut < 0 ? [events, []] : [events.slice(0, cut), events.slice(cut)];
    const found = takeBack(current as DescribedProduct, earlier, later);
    if (found !== undefined) return found;
  }
  return TOO_FAR;
};
