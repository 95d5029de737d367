import { isObject, parseJson } from './parse.ts';

/** The members of the event `order.paid.v1` that a receipt names; later versions may add some. */
export interface PaidEvent {
  readonly id: string;
  readonly type: 'order.paid.v1';
  readonly subject: string;
  readonly time: string;
  readonly data: {
    readonly orderId: string;
    readonly userId: string;
    readonly items: readonly {
      readonly name: string;
      readonly quantity: number;
      readonly unitPrice: number;
      readonly lineTotal: number;
    }[];
    readonly total: number;
    readonly currency: string;
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** RFC 3339, UTC, with or without a fraction. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
const USER_ID = /^[A-Za-z0-9_-]{1,64}$/;
const CURRENCY = /^[A-Z]{3}$/;

const isLike = (value: unknown, pattern: RegExp): boolean =>
  typeof value === 'string' && pattern.test(value);

const isLine = (value: unknown): boolean =>
  isObject(value) &&
  typeof value['name'] === 'string' &&
  [value['quantity'], value['unitPrice'], value['lineTotal']].every(Number.isSafeInteger);

const isPaidEvent = (value: unknown): value is PaidEvent => {
  if (!isObject(value) || !isObject(value['data'])) return false;
  const { id, type, subject, time } = value;
  const { orderId, userId, items, total, currency } = value['data'];
  return (
    type === 'order.paid.v1' &&
    [id, subject, orderId].every((each) => isLike(each, UUID)) &&
    isLike(time, TIME) &&
    !Number.isNaN(Date.parse(String(time))) &&
    isLike(userId, USER_ID) &&
    Array.isArray(items) &&
    items.every(isLine) &&
    Number.isSafeInteger(total) &&
    isLike(currency, CURRENCY)
  );
};

/** The event of a payment in an entry of the log; undefined for every other entry. */
export const parsePaidEvent = (entry: string): PaidEvent | undefined => {
  const event = parseJson(entry);
  return isPaidEvent(event) ? event : undefined;
};
