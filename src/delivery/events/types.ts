/** The event types that are sent. Sent names begin with `moa.`. */
export const EVENT_TYPES = [
  'order.paid.v1',
  'order.cancelled.v1',
  'order.expired.v1',
  'order.refunded.v1',
  'wallet.charged.v1',
  'wallet.withdrawn.v1',
  'stock.adjusted.v1',
  'product.created.v1',
  'product.changed.v1',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/**
 * The event types that are not sent: a placed order may still end without a sale, a new wallet has
 * no money, and carts are private.
 */
export const UNSENT_TYPES = [
  'wallet.opened.v1',
  'order.placed.v1',
  'cart.item_set.v1',
  'cart.item_removed.v1',
  'cart.cleared.v1',
] as const;

/** The type of the event that staff send to test a destination; never in the journal. */
export const TEST_TYPE = 'test.v1';

/** The prefix of every sent type, so that it is unique among the types of other sources. */
const TYPE_PREFIX = 'moa.';

/** The type as it is sent. */
export const sentType = (type: string): string => TYPE_PREFIX + type;

/** The type in the journal of a type as it is sent. */
export const journalType = (sent: string): string => sent.slice(TYPE_PREFIX.length);

/** The width of the largest position, a `bigint`. */
export const SEQUENCE_WIDTH = 19;

/** The pattern of `sequence`. */
export const SEQUENCE = `^\\d{${SEQUENCE_WIDTH}}$`;

/** The path at which the service serves the schema of an event's data. */
export const schemaPath = (sent: string): string => `/schemas/events/${sent}.json`;
