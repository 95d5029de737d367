import { expect, test } from 'vitest';
import { addSample, countByMinute, minutePoints, type Operations, type Sample } from './samples.ts';

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
  const history = countByMinute(times, NOON - 3 * MINUTE);
  const orders = minutePoints([], history, NOON + 1).map((point) => point.orders);
  expect(orders.length).toBe(60);
  expect(orders.slice(-4)).toEqual([null, 0, 1, 2]);
});

test('samples of more than an hour are dropped', () => {
  const samples = Array.from({ length: 2_000 }, (_, index) => sample(index, index)).reduce(
    addSample,
    [] as readonly Sample[],
  );
  expect(samples.length).toBe(1_800);
  expect(samples.at(-1)?.at).toBe(1_999);
});
