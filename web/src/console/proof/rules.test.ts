import { expect, test } from 'vitest';
import { auditTroubleOf, differencesOf, freshnessOf, placeOf } from './rules.ts';

const NOW = Date.parse('2026-11-02T10:00:00Z');
const JUST = '2026-11-02T09:59:00Z';
const LONG_AGO = '2026-11-02T09:40:00Z';

test('a proof is fresh for a quarter of an hour, or for three rounds if that is longer', () => {
  const of = (provenAt: string | null, intervalSeconds: number) =>
    freshnessOf({ provenAt, intervalSeconds }, NOW);
  expect(of(null, 60)).toBe('never');
  expect(of(JUST, 60)).toBe('fresh');
  expect(of(LONG_AGO, 60)).toBe('stale');
  // Another process audits.
  expect(of(LONG_AGO, 0)).toBe('stale');
  expect(of(LONG_AGO, 399)).toBe('stale');
  expect(of(LONG_AGO, 401)).toBe('fresh');
});

test('wallets, carts, products and orders have a place; events and the database have none', () => {
  const of = (kind: Parameters<typeof placeOf>[0]['kind']) => placeOf({ kind, subject: 'x' });
  expect(of('wallet')).toEqual({ to: '/console/wallets', search: { user: 'x' } });
  expect(of('cart')).toEqual(of('wallet'));
  expect(of('product')).toEqual({ to: '/console/products', search: { product: 'x' } });
  expect(of('order')).toEqual({ to: '/console/orders', search: { order: 'x' } });
  for (const kind of ['event', 'idempotency_key', 'subscriber', 'database'] as const) {
    expect(of(kind)).toBeUndefined();
  }
});

test('the differences have every field of both rows', () => {
  const violation = { expected: { balance: 5, name: 'a' }, found: { balance: 7, lines: [1] } };
  expect(differencesOf(violation)).toEqual([
    { field: 'balance', expected: '5', found: '7' },
    { field: 'name', expected: 'a', found: undefined },
    { field: 'lines', expected: undefined, found: '[1]' },
  ]);
  expect(differencesOf({ expected: null, found: null })).toEqual([]);
});

test('a broken invariant is a trouble, and so is a proof that has stopped', () => {
  const invariant = { invariant: 'W2', rule: '', violationCount: 0 } as const;
  const holds = [{ ...invariant, verdict: 'holds' as const }];
  const broken = [{ ...invariant, verdict: 'broken' as const, violationCount: 1 }];
  const of = (provenAt: string | null, invariants: typeof holds | typeof broken) =>
    auditTroubleOf({ provenAt, intervalSeconds: 60, invariants }, NOW);
  expect(of(JUST, holds)).toBeUndefined();
  expect(of(null, holds)).toBeUndefined();
  expect(of(LONG_AGO, holds)).toEqual({ kind: 'stale', provenAt: LONG_AGO });
  expect(of(JUST, broken)).toEqual({ kind: 'broken', invariants: ['W2'] });
});
