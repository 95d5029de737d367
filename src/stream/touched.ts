/** What some events may have changed. */
export interface Touched {
  readonly productIds: ReadonlySet<string>;
  /** The owners of changed wallets. */
  readonly userIds: ReadonlySet<string>;
  /** The owner by changed order, the order of the last event last. */
  readonly owners: ReadonlyMap<string, string>;
}

interface JournalEvent {
  readonly type: string;
  readonly data: unknown;
}

interface Data {
  readonly productId?: string;
  readonly userId?: string;
  readonly orderId?: string;
  readonly items?: readonly { readonly productId: string }[];
}

const TYPES = /^(?:order|wallet|product|stock)\./;

/**
 * What the events may have changed, by the ids in their data. It may name more than has changed:
 * the follower compares states.
 */
export const touchedBy = (events: readonly JournalEvent[]): Touched => {
  const productIds = new Set<string>();
  const userIds = new Set<string>();
  const owners = new Map<string, string>();
  for (const { type, data } of events) {
    if (!TYPES.test(type)) continue;
    const { productId, userId, orderId, items = [] } = data as Data;
    if (productId !== undefined) productIds.add(productId);
    for (const item of items) productIds.add(item.productId);
    if (userId === undefined) continue;
    userIds.add(userId);
    if (orderId === undefined) continue;
    owners.delete(orderId);
    owners.set(orderId, userId);
  }
  return { productIds, userIds, owners };
};
