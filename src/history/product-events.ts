import { evolveProduct } from '../catalog/index.ts';
import type { Queryable } from '../database/statement.ts';
import { listProductEvents, type ListProductEventsRow } from './queries.gen.ts';

/**
 * Positions of one statement: its answer has a few megabytes at most, and parsing it does not hold
 * up other requests for longer than some hundredths of a second.
 */
export const SLICE = 4_000;

const TYPES = Object.keys(evolveProduct);

interface Range {
  readonly productId: string;
  /** Exclusive. */
  readonly after: number;
  readonly upTo: number;
}

/** Some events that may be of a product, in commit order; `concerns` tells which are. */
export const listEvents = (db: Queryable, range: Range): Promise<ListProductEventsRow[]> =>
  listProductEvents(db, { ...range, types: TYPES });

/** Whether an event is of the product or of an order with the product among its items. */
export const concerns = ({ subject, data }: ListProductEventsRow, productId: string): boolean => {
  const { items = [] } = data as { readonly items?: readonly { readonly productId: string }[] };
  return subject === productId || items.some((item) => item.productId === productId);
};
