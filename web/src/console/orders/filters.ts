import type { Filters } from '../parts/filters.ts';
import { idIn } from '../parts/id.ts';

/** The statuses of an order, as a filter offers them. */
export const STATUSES = ['pending', 'paid', 'cancelled', 'expired', 'refunded'] as const;

type Status = (typeof STATUSES)[number];

/** What the list of orders is asked for. */
export interface OrdersQuery {
  readonly status?: Status;
  readonly userId?: string;
  readonly productId?: string;
  readonly from?: string;
  readonly to?: string;
}

const USER = /^[A-Za-z0-9_-]{1,64}$/;
const DAY = /^([12]\d{3})-(\d\d)-(\d\d)$/;

/** Whether a text can be the id of a user. */
export const isUserId = (text: string): boolean => USER.test(text);

/** The beginning of a day in the browser's zone, `later` days after it. */
const startOf = (day: string | undefined, later = 0): string | undefined => {
  const [, year, month, date] = DAY.exec(day ?? '') ?? [];
  if (date === undefined) return undefined;
  const start = new Date(Number(year), Number(month) - 1, Number(date) + later);
  return Number.isNaN(start.getTime()) ? undefined : start.toISOString();
};

/** Whether the days of a filter are in the wrong order: no order can match. */
export const isBackwards = ({ from, to }: Filters): boolean =>
  startOf(from) !== undefined && startOf(to) !== undefined && (from ?? '') > (to ?? '');

/**
 * The query for the filters in an address. Days are those of the browser's zone, the last one
 * included. What cannot be a filter is left out: an address may be typed by hand.
 */
export const queryOf = (filters: Filters): OrdersQuery => {
  const status = STATUSES.find((each) => each === filters['status']);
  const { user, product } = filters;
  const from = startOf(filters['from']);
  const to = isBackwards(filters) ? undefined : startOf(filters['to'], 1);
  const productId = idIn(product ?? '');
  return {
    ...(status === undefined ? {} : { status }),
    ...(user !== undefined && isUserId(user) ? { userId: user } : {}),
    ...(productId === undefined ? {} : { productId }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
};

/** The filters of this page; `order` is what is open beside the list. */
export const FILTERS = ['status', 'user', 'product', 'from', 'to'] as const;

/** Whether the list shows less than all. */
export const isFiltered = (filters: Filters): boolean =>
  FILTERS.some((name) => filters[name] !== undefined);
