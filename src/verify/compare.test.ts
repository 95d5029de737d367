import { expect, test } from 'vitest';
import { judgeStock, judgeWallets } from './compare.ts';
import { createLedger } from './ledger.ts';

const ORDER = { orderId: 'o-1', userId: 'alice', status: 'paid', total: 20, balance: 80 };
const ITEMS = [{ productId: 'tea', quantity: 2 }];

/** A ledger of a charge of 100, and of two units that were sold, one of them refunded. */
const fill = () => {
  const ledger = createLedger();
  ledger.created({ productId: 'tea', stock: 5 });
  ledger.charged('k-1', { userId: 'alice', amount: 100, balance: 100, chargeId: 'c-1' });
  ledger.placed('k-2', { ...ORDER, status: 'pending', items: ITEMS });
  ledger.paid('k-3', { ...ORDER, items: ITEMS });
  const refund = { orderId: 'o-1', amount: 10, balance: 90 };
  ledger.refunded('k-4', 'alice', true, {
    ...refund,
    items: [{ productId: 'tea', quantity: 1 }],
  });
  return ledger;
};

test('a wallet must have the balance and the entries of the acknowledged answers', () => {
  const { wallets } = fill();
  const row = { userId: 'alice', balance: 90, entryCount: 3, entries: 3, funding: 0, sales: 0 };
  expect(judgeWallets(wallets(), [row])).toEqual([]);
  expect(judgeWallets(wallets(), [{ ...row, balance: 80, entryCount: 2 }])).toMatchObject([
    { subject: 'wallet alice', found: 'balance 80, 2 entries' },
  ]);
  expect(judgeWallets(wallets(), [])).toMatchObject([{ found: 'no such wallet' }]);
  expect(judgeWallets(wallets(), [row, { ...row, userId: 'eve' }])).toMatchObject([
    { subject: 'wallet eve', expected: 'balance 0, 0 entries, as acknowledged' },
  ]);
});

test('a product must have the units that the acknowledged answers leave', () => {
  const { products } = fill();
  const row = { productId: 'tea', onHand: 4, reserved: 0 };
  expect(judgeStock(products(), [row])).toEqual([]);
  expect(judgeStock(products(), [{ ...row, onHand: 3 }])).toMatchObject([
    { subject: 'product tea', found: 'on hand 3, reserved 0' },
  ]);
  expect(judgeStock(products(), [])).toMatchObject([{ found: 'no such product' }]);
});
