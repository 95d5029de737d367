import { expect, test } from 'vitest';
import type { Attempt } from './queries.ts';
import { summaryOf, ticksOf } from './strip.ts';

const attempt = (outcome: Attempt['outcome'], requests: number, minute: number): Attempt => ({
  at: `2026-01-05T09:${String(minute).padStart(2, '0')}:00.000Z`,
  lastAt: `2026-01-05T09:${String(minute).padStart(2, '0')}:30.000Z`,
  outcome,
  detail: '',
  status: null,
  body: null,
  eventId: null,
  events: requests,
  requests,
});

const shapeOf = (attempts: readonly Attempt[], length: number): string =>
  ticksOf(attempts, length)
    .map(({ isDelivered }) => (isDelivered ? 'o' : 'x'))
    .join('');

test('a strip begins with the oldest request', () => {
  const attempts = [attempt('delivered', 1, 3), attempt('failed', 1, 2), attempt('refused', 1, 1)];
  expect(shapeOf(attempts, 24)).toBe('xxo');
});

test('a series of requests becomes as many ticks, at most the length', () => {
  const attempts = [attempt('failed', 2, 3), attempt('delivered', 1_000_000, 1)];
  expect(shapeOf(attempts, 6)).toBe('ooooxx');
});

test('nothing tried is an empty strip', () => {
  expect(ticksOf([])).toEqual([]);
});

test('every tick of a strip has a key of its own', () => {
  const ticks = ticksOf([attempt('failed', 3, 3), attempt('delivered', 40, 1)]);
  expect(new Set(ticks.map(({ key }) => key)).size).toBe(24);
});

test('a summary counts what arrived and what did not', () => {
  const ticks = ticksOf([
    attempt('gone', 1, 3),
    attempt('failed', 2, 2),
    attempt('delivered', 5, 1),
  ]);
  expect(summaryOf(ticks)).toEqual({ delivered: 5, failed: 3 });
});
