import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isBackwards, isFiltered, queryOf } from './filters.ts';

const ID = '0197a3c0-5d00-7000-8000-000000000002';

beforeEach(() => vi.stubEnv('TZ', 'Asia/Seoul'));
afterEach(() => vi.unstubAllEnvs());

test('days are those of the zone, and the last one is included', () => {
  expect(queryOf({ from: '2026-03-01', to: '2026-03-01' })).toEqual({
    from: '2026-02-28T15:00:00.000Z',
    to: '2026-03-01T15:00:00.000Z',
  });
  expect(queryOf({ to: '2026-12-31' })).toEqual({ to: '2026-12-31T15:00:00.000Z' });
});

test('an address with anything else in its filters is a list without them', () => {
  const wrong = {
    status: 'lost',
    user: 'a b',
    product: 'mug',
    from: 'yesterday',
    to: '0001-01-01',
  };
  expect(queryOf(wrong)).toEqual({});
  expect(isFiltered(wrong)).toBe(true);
  expect(isFiltered({ order: ID })).toBe(false);
});

test('status, user and product are asked for as they are', () => {
  expect(queryOf({ status: 'paid', user: 'demo', product: ID, order: ID })).toEqual({
    status: 'paid',
    userId: 'demo',
    productId: ID,
  });
});

test('days in the wrong order are told apart, and the end is left out', () => {
  const filters = { from: '2026-03-02', to: '2026-03-01' };
  expect(isBackwards(filters)).toBe(true);
  expect(queryOf(filters)).toEqual({ from: '2026-03-01T15:00:00.000Z' });
  expect(isBackwards({ from: '2026-03-01', to: '2026-03-01' })).toBe(false);
});
