import { expect, test } from 'vitest';
import { createLedger } from './ledger.ts';
import { judgeBank, judgeOrders } from './snapshots.ts';

/** A wallet that was charged 100, paid 30 and withdrew 20. */
const ALICE = {
  userId: 'alice',
  balance: 50,
  entryCount: 3,
  entries: 3,
  funding: -80,
  sales: 30,
};
const BOB = { userId: 'bob', balance: 0, entryCount: 0, entries: 0, funding: 0, sales: 0 };

test('a wallet whose balance differs from its entries is named, and so is the sum', () => {
  expect(judgeBank([ALICE, BOB])).toEqual([]);
  expect(judgeBank([ALICE, { ...BOB, balance: 1 }])).toMatchObject([
    { subject: 'wallet bob', expected: 'balance 0, by its entries', found: 'balance 1' },
    { subject: 'all wallets, funding and sales', found: 'a sum of 1' },
  ]);
});

test('two wrong balances that cancel each other out are named', () => {
  const wrong = [
    { ...ALICE, balance: 49 },
    { ...BOB, balance: 1 },
  ];
  expect(judgeBank(wrong).map(({ subject }) => subject)).toEqual(['wallet alice', 'wallet bob']);
});

test('a missing entry is named although the money is right', () => {
  expect(judgeBank([{ ...ALICE, entries: 2 }])).toMatchObject([
    { subject: 'wallet alice', expected: '3 entries', found: '2 entries' },
  ]);
});

test('an acknowledged order must be there, in its state or a later one', () => {
  const paid = { orderId: 'o-1', userId: 'alice', status: 'paid', total: 30, key: 'k-1' };
  const row = { orderId: 'o-1', userId: 'alice', status: 'paid', total: 30 };
  expect(judgeOrders([paid], [row])).toEqual([]);
  expect(judgeOrders([paid], [{ ...row, status: 'refunded' }])).toEqual([]);
  expect(judgeOrders([paid], [])).toMatchObject([
    { subject: 'order o-1', found: 'no such order', keys: ['k-1'] },
  ]);
  for (const other of [{ status: 'pending' }, { total: 29 }, { userId: 'bob' }]) {
    expect(judgeOrders([paid], [{ ...row, ...other }])).toHaveLength(1);
  }
});

test('the ledger matches acknowledged movements with entries, in any order', () => {
  const ledger = createLedger();
  const charge = { userId: 'alice', amount: 100, balance: 100, chargeId: 'c-1' };
  const entry = { number: 1, kind: 'charge', amount: 100, balanceAfter: 100, reference: 'c-1' };
  ledger.charged('k-1', charge);
  expect([...ledger.unseen().values()]).toEqual(['k-1']);
  ledger.see([{ ...entry, userId: 'alice' }]);
  expect(ledger.unseen().size).toBe(0);

  ledger.see([{ ...entry, userId: 'bob' }]);
  expect(ledger.unanswered()).toHaveLength(1);
  ledger.charged('k-2', { ...charge, userId: 'bob' });
  expect([ledger.unanswered(), ledger.unseen().size]).toEqual([[], 0]);

  ledger.see([{ ...entry, userId: 'alice' }]);
  expect(ledger.unanswered()).toEqual(['alice: charge of 100 to balance 100, reference c-1']);
});

test('an entry with another amount or balance matches no acknowledgement', () => {
  const ledger = createLedger();
  ledger.charged('k-1', { userId: 'alice', amount: 100, balance: 100, chargeId: 'c-1' });
  const entry = { userId: 'alice', number: 1, kind: 'charge', reference: 'c-1' };
  ledger.see([{ ...entry, amount: 100, balanceAfter: 101 }]);
  expect([ledger.unseen().size, ledger.unanswered().length]).toEqual([1, 1]);
});
