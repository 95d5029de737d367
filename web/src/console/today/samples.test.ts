import { expect, test } from 'vitest';
import {
  addSample,
  continueCounts,
  countByMinute,
  minutePoints,
  type Operations,
  type Sample,
} from './samples.ts';

const NOON = Date.parse('2026-11-26T12:00:00Z');
const MINUTE = 60_000;

const operations = (ordersPerMinute: number): Operations => ({
  ordersPerMinute,
  unitsPerMinute: 0,
  refusalsPerMinute: 0,
  refusals: [],
  queueLength: 0,
  commitP99Ms: null,
  deliveryLagSeconds: 0,
});
const sample = (at: number, orders: number): Sample => ({ at, operations: operations(orders) });

test('a minute has what was shown at its end', () => {
  const samples = [sample(NOON - 3_000, 5), sample(NOON - 1_000, 7), sample(NOON + 5_000, 9)];
  const points = minutePoints(samples, undefined, NOON + 5_000);
  expect(points.length).toBe(61);
  expect(points.slice(-3).map(({ at, orders }) => [at, orders])).toEqual([
    [NOON - MINUTE, null],
    [NOON, 7],
    [NOON + 5_000, 9],
  ]);
});

test('minutes before the page was open have the orders of the list, as far as it goes', () => {
  const times = [NOON - 1, NOON - MINUTE, NOON - MINUTE - 1];
  const history = countByMinute(times, { since: NOON - 3 * MINUTE, until: NOON + 1 });
  const orders = minutePoints([], history, NOON + 1).map((point) => point.orders);
  expect(orders.length).toBe(60);
  expect(orders.slice(-4)).toEqual([null, 0, 1, 2]);
});

/** The orders of the minutes up to `now`; the last one is at the end of a minute. */
const ordersOf = (history: ReturnType<typeof countByMinute>, now: number) =>
  minutePoints([], history, now).map((point) => point.orders);

test('minutes after the list was read are unknown unless they were shown', () => {
  const history = countByMinute([NOON - 1], { since: NOON - 2 * MINUTE, until: NOON + 20_000 });
  const samples = [sample(NOON + 3 * MINUTE, 4)];
  const orders = minutePoints(samples, history, NOON + 3 * MINUTE).map((point) => point.orders);
  expect(orders.slice(-6)).toEqual([null, 0, 1, null, null, 4]);
});

test('a list that is read on fills the minutes since', () => {
  const older = countByMinute([NOON - 1, NOON + 1], {
    since: NOON - 2 * MINUTE,
    until: NOON + 20_000,
  });
  const newer = countByMinute([NOON - 1, NOON + 1, NOON + 30_000, NOON + 3 * MINUTE - 1], {
    since: NOON - MINUTE + 1,
    until: NOON + 3 * MINUTE,
  });
  const history = continueCounts(older, newer);
  expect(ordersOf(history, NOON + 3 * MINUTE).slice(-6)).toEqual([null, 0, 1, 2, 0, 1]);
  const later = countByMinute([], { since: NOON + 4 * MINUTE, until: NOON + 5 * MINUTE });
  expect(continueCounts(history, later)).toBe(later);
});

test('samples of more than an hour are dropped', () => {
  const samples = Array.from({ length: 2_000 }, (_, index) => sample(index, index)).reduce(
    addSample,
    [] as readonly Sample[],
  );
  expect(samples.length).toBe(1_800);
  expect(samples.at(-1)?.at).toBe(1_999);
});
