import type { WalletEntry } from '@moa-commerce/client';
import { expect, test } from 'vitest';
import { daysOf, orderIdOf, quickAmounts } from './days.ts';

const entry = (createdAt: string, kind: WalletEntry['kind'] = 'charge'): WalletEntry => ({
  entryId: createdAt,
  kind,
  amount: 1,
  balanceAfter: 1,
  reference: 'reference',
  createdAt,
});

test('entries of one day stand together, newest first', () => {
  const entries = ['2026-01-05T10', '2026-01-05T09', '2026-01-04T23'].map((at) => entry(at));
  const days = daysOf(entries, (time) => time.slice(0, 10));
  expect(days.map(({ day, entries: { length } }) => [day, length])).toStrictEqual([
    ['2026-01-05', 2],
    ['2026-01-04', 1],
  ]);
  expect(days.flatMap((day) => day.entries)).toStrictEqual(entries);
});

test('no entries have no days', () => {
  expect(daysOf([], String)).toStrictEqual([]);
});

test('payments and refunds lead to their order', () => {
  const found = (['charge', 'payment', 'refund', 'withdrawal'] as const).map((kind) =>
    orderIdOf(entry('2026-01-05', kind)),
  );
  expect(found).toStrictEqual([undefined, 'reference', 'reference', undefined]);
});

test('quick amounts are whole and grow', () => {
  expect(quickAmounts('KRW')).toStrictEqual([10_000, 30_000, 50_000, 100_000]);
  expect(quickAmounts('USD')).toStrictEqual([1_000, 3_000, 5_000, 10_000]);
});
