import { expect, test } from 'vitest';
import type { Operations, Sample } from './samples.ts';
import { findTroubles, type Seen } from './troubles.ts';

const CALM: Operations = {
  ordersPerMinute: 3,
  unitsPerMinute: 4,
  refusalsPerMinute: 0,
  refusals: [],
  queueLength: 0,
  commitP99Ms: 4,
  deliveryLagSeconds: 0.2,
};

const seen = (changed: Partial<Seen> = {}, operations: Partial<Operations> = {}): Seen => ({
  operations: { ...CALM, ...operations },
  samples: [],
  isLate: false,
  audit: undefined,
  isRead: true,
  failedChecks: [],
  destinations: [],
  soldOut: [],
  ...changed,
});

const kindsOf = (state: Seen): string[] => findTroubles(state).map(({ kind }) => kind);

test('nothing is wrong with a calm shop', () => {
  expect(findTroubles(seen())).toEqual([]);
});

test('a violated invariant comes first, a stopped audit after what stops customers', () => {
  const broken = { kind: 'broken', invariants: ['W2'] } as const;
  const stale = { kind: 'stale', provenAt: '2026-11-02T09:00:00Z' } as const;
  const failedChecks = ['queue full'];
  const [first] = findTroubles(seen({ audit: broken, failedChecks }));
  expect(first).toEqual({ kind: 'audit', audit: broken });
  expect(kindsOf(seen({ audit: stale, failedChecks }))).toEqual(['not_ready', 'audit']);
});

test('limits of lag, queue and commits are exceeded, not reached', () => {
  const at = { deliveryLagSeconds: 30, queueLength: 1_000, commitP99Ms: 500 };
  expect(kindsOf(seen({}, at))).toEqual([]);
  const above = { deliveryLagSeconds: 30.1, queueLength: 1_001, commitP99Ms: 500.1 };
  expect(kindsOf(seen({}, above))).toEqual(['queue', 'slow_commit', 'lag']);
});

test('refusals are a trouble when they double', () => {
  const sample = (at: number, refusalsPerMinute: number): Sample => ({
    at,
    operations: { ...CALM, refusalsPerMinute },
  });
  const many = {
    ordersPerMinute: 20,
    refusalsPerMinute: 20,
    refusals: [
      { code: 'insufficient_stock', count: 19 },
      { code: 'insufficient_balance', count: 1 },
    ],
  };
  const rising = { samples: [sample(0, 9), sample(60_000, 20)] };
  expect(findTroubles(seen(rising, many))).toEqual([
    { kind: 'refusals', count: 20, code: 'insufficient_stock' },
  ]);
  expect(kindsOf(seen({ samples: [sample(0, 10), sample(60_000, 20)] }, many))).toEqual([]);
  expect(kindsOf(seen({ samples: [sample(60_000, 20)] }, many))).toEqual([]);
});

test('more refusals than orders are a trouble at once', () => {
  const refusals = [{ code: 'insufficient_balance', count: 12 }];
  const refused = { ordersPerMinute: 11, refusalsPerMinute: 12, refusals };
  expect(findTroubles(seen({}, refused))).toEqual([
    { kind: 'mostly_refused', count: 12, orders: 11, code: 'insufficient_balance' },
  ]);
  expect(kindsOf(seen({}, { ...refused, ordersPerMinute: 12 }))).toEqual([]);
});

test('destinations, sold-out products and a service that is not ready are named', () => {
  const destination = {
    destinationId: 'd',
    name: 'Desk',
    status: 'paused',
    deadLetters: 2,
  } as const;
  const soldOut = [
    { productId: 'a', name: 'Mug' },
    { productId: 'b', name: 'Bowl' },
  ];
  expect(kindsOf(seen({ destinations: [destination], soldOut, failedChecks: ['queue'] }))).toEqual([
    'not_ready',
    'dead_letters',
    'paused',
    'sold_out',
  ]);
});

test('figures that do not arrive are a trouble', () => {
  expect(kindsOf(seen({ isLate: true, isRead: false }))).toEqual(['not_read']);
  expect(kindsOf({ ...seen(), operations: undefined })).toEqual([]);
  expect(kindsOf({ ...seen({ isLate: true }), operations: undefined })).toEqual(['not_live']);
});
