import { queryOptions } from '@tanstack/react-query';
import { dataOf, moa } from '../../api/moa.ts';
import { dayOf, quarterOf } from './revenue.ts';
import { continueCounts, countByMinute, MINUTE_MS, MINUTES, type OrderCounts } from './samples.ts';
import type { DestinationState } from './troubles.ts';

/** Pages of 100 orders that the chart's past is counted from; a busy shop has a shorter past. */
const ORDER_PAGES_MAX = 10;
/** Pages of 100 products among which sold-out ones are looked for. */
const PRODUCT_PAGES_MAX = 5;
const PAGE = 100;
/** Destinations whose state is read, one call each. */
const DESTINATIONS_MAX = 20;
const REVENUE_EVERY_MS = 15_000;
const STATE_EVERY_MS = 30_000;
const DAYS = 7;
/** The end of what was read is read again: orders may have been on their way. */
const OVERLAP_MS = 2 * MINUTE_MS;
const HISTORY = ['console', 'order-history'];

const readRevenue = async () => {
  const now = new Date();
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const until = quarterOf(now);
  const days = { to: dayOf(now, 1), by: 'day', timeZone } as const;
  const [week, compared] = await Promise.all([
    dataOf(moa.calls.get('/v1/reports/sales', { query: { ...days, from: dayOf(now, 1 - DAYS) } })),
    dataOf(moa.calls.get('/v1/reports/sales', { query: { ...days, from: dayOf(now, -1), until } })),
  ]);
  const [yesterday, today] = compared.items.map(({ netRevenue }) => netRevenue);
  return {
    currency: week.currency,
    until,
    today: week.items.at(-1)?.netRevenue ?? 0,
    todayUntil: today ?? 0,
    yesterdayUntil: yesterday ?? 0,
    week: week.items.map(({ netRevenue }) => netRevenue),
  };
};

/** Revenue after refunds of the last seven days, and of today and yesterday up to a time. */
export const revenueQuery = queryOptions({
  queryKey: ['console', 'revenue'],
  queryFn: readRevenue,
  refetchInterval: REVENUE_EVERY_MS,
});

const readOrders = async (since: number): Promise<OrderCounts> => {
  const until = Date.now();
  const list = moa.list('/v1/orders', {
    query: { from: new Date(since).toISOString(), limit: PAGE },
  });
  const times: number[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < ORDER_PAGES_MAX; page++) {
    const { items, nextCursor } = await dataOf(list.page(cursor));
    times.push(...items.map(({ createdAt }) => Date.parse(createdAt)));
    if (nextCursor === null) return countByMinute(times, { since, until });
    cursor = nextCursor;
  }
  return countByMinute(times, { since: times.at(-1) ?? until, until });
};

const readHistory = async (older?: OrderCounts): Promise<OrderCounts> => {
  const hourAgo = (Math.floor(Date.now() / MINUTE_MS) - MINUTES) * MINUTE_MS;
  const newer = await readOrders(Math.max(hourAgo, (older?.until ?? 0) - OVERLAP_MS));
  return continueCounts(older, newer);
};

/**
 * The orders of the last hour by minutes, from before the page was opened; read on when the page or
 * the tab is shown again, because a hidden tab keeps no samples.
 */
export const historyQuery = queryOptions({
  queryKey: HISTORY,
  queryFn: ({ client }) => readHistory(client.getQueryData<OrderCounts>(HISTORY)),
  staleTime: 0,
  gcTime: MINUTES * MINUTE_MS,
});

const readDestinations = async (): Promise<DestinationState[]> => {
  const list = moa.list('/v1/destinations', { query: { limit: DESTINATIONS_MAX } });
  const { items } = await dataOf(list.page());
  return Promise.all(
    items.map(async ({ destinationId, name, status }) => {
      const state = await dataOf(
        moa.calls.get('/v1/destinations/{destinationId}/status', { path: { destinationId } }),
      );
      return { destinationId, name, status, deadLetters: state.deadLetters };
    }),
  );
};

/** The destinations with their dead letters. */
export const destinationStatesQuery = queryOptions({
  queryKey: ['console', 'destination-states'],
  queryFn: readDestinations,
  refetchInterval: STATE_EVERY_MS,
});

const readSoldOut = async () => {
  const list = moa.products({ status: 'active', limit: PAGE });
  const found: { productId: string; name: string }[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PRODUCT_PAGES_MAX; page++) {
    const { items, nextCursor } = await dataOf(list.page(cursor));
    found.push(...items.filter(({ stock }) => stock === 0));
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return found.map(({ productId, name }) => ({ productId, name }));
};

/** Products on sale of which nothing is left, among the newest. */
export const soldOutQuery = queryOptions({
  queryKey: ['console', 'sold-out'],
  queryFn: readSoldOut,
  refetchInterval: STATE_EVERY_MS,
});

const readReadiness = async () => {
  const response = await fetch('/readyz');
  return (await response.json()) as {
    readonly ready: boolean;
    readonly checks: Readonly<Record<string, string>>;
  };
};

/** Whether the service can answer requests, and what was checked. */
export const readinessQuery = queryOptions({
  queryKey: ['console', 'readiness'],
  queryFn: readReadiness,
  refetchInterval: STATE_EVERY_MS,
});
