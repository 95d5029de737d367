import { expect, test } from 'vitest';
import { clockText, offsetOf, remainingMs, remainingPart } from './clock.ts';

const createdAt = '2026-01-05T09:30:00.000Z';
const expiresAt = '2026-01-05T09:45:00.000Z';
const at = Date.parse(createdAt);

test('a reservation counts down to nothing and not below', () => {
  expect(remainingMs(expiresAt, at)).toBe(900_000);
  expect(remainingMs(expiresAt, at + 899_999)).toBe(1);
  expect(remainingMs(expiresAt, at + 1_000_000)).toBe(0);
});

test('the part of a reservation lies between 1 and 0', () => {
  expect(remainingPart({ createdAt, expiresAt }, 450_000)).toBe(0.5);
  expect(remainingPart({ createdAt, expiresAt }, 1_000_000)).toBe(1);
  expect(remainingPart({ createdAt, expiresAt: createdAt }, 5)).toBe(0);
});

test.each([
  [0, '0:00'],
  [1, '0:01'],
  [59_000, '0:59'],
  [899_999, '15:00'],
  [3_723_000, '1:02:03'],
])('%i ms are shown as %s', (ms, text) => {
  expect(clockText(ms)).toBe(text);
});

test('a clock that differs by less than a second is right', () => {
  const date = 'Mon, 05 Jan 2026 09:30:00 GMT';
  expect(offsetOf({ sentAt: at + 900, receivedAt: at + 950, date })).toBe(0);
});

test('a clock that is an hour behind is corrected', () => {
  const date = 'Mon, 05 Jan 2026 10:30:00 GMT';
  expect(offsetOf({ sentAt: at, receivedAt: at + 100, date })).toBe(3_600_450);
});

test('without a date, the clock of the browser counts', () => {
  expect(offsetOf({ sentAt: at, receivedAt: at, date: null })).toBe(0);
  expect(offsetOf({ sentAt: at, receivedAt: at, date: 'soon' })).toBe(0);
});
