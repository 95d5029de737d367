import { describe, expect, test } from 'vitest';
import { createTestRows } from '../../test/support/rows.ts';
import { AMOUNT_MAX } from '../contract/index.ts';
import type { RecordedEvent } from '../journal/index.ts';
import { transfers, wallets, type Wallet } from './tables.ts';
import { decideCharge, decideOpen, decideWithdrawal, evolveWallet, post } from './wallet.ts';

const TIME = new Date('2026-11-23T10:00:00.000Z');
const BEFORE = new Date('2026-11-22T10:00:00.000Z');

const wallet = (balance: number, entryCount = 0): Wallet => ({
  userId: 'alice',
  balance,
  entryCount,
  createdAt: BEFORE,
  updatedAt: BEFORE,
});

const withBalance = (balance: number, entryCount?: number) =>
  createTestRows().hold(wallets, wallet(balance, entryCount));

const withoutWallet = () => createTestRows().miss(wallets, 'alice');

const notFound = { kind: 'refused', refusal: { code: 'user_not_found' } };

describe('a wallet', () => {
  test('is opened once; opening it again is no event', () => {
    const rows = withoutWallet();
    const first = decideOpen({ userId: 'alice' }, rows);
    expect(first).toMatchObject({
      events: [{ type: 'wallet.opened.v1', subject: 'alice', data: { userId: 'alice' } }],
    });
    evolveWallet['wallet.opened.v1'](rows, recorded('wallet.opened.v1', { userId: 'alice' }));
    expect(rows.get(wallets, 'alice')).toEqual({ ...wallet(0), createdAt: TIME, updatedAt: TIME });
    const again = decideOpen({ userId: 'alice' }, rows);
    expect(again).toEqual({ kind: 'accepted', events: [] });
  });
});

const recorded = (type: string, data: object): RecordedEvent => ({
  eventId: '01980000-0000-7000-8000-000000000001',
  type,
  subject: 'alice',
  time: TIME,
  data,
});

describe('the outcomes of a charge, in order', () => {
  const charge = (amount: number, limit = 1_000) => ({
    userId: 'alice',
    chargeId: 'c1',
    amount,
    limit,
  });

  test('user_not_found, even if the amount is beyond the limit', () => {
    expect(decideCharge(charge(2_000), withoutWallet())).toEqual(notFound);
  });

  test.for([
    [1_000, 1, 1_000],
    [0, 1_001, 1_000],
    [1, AMOUNT_MAX, AMOUNT_MAX],
    // The limit was lowered after the charge.
    [1_500, 1, 1_000],
  ])('balance_limit_exceeded: %i + %i > %i', ([balance, amount, limit]) => {
    expect(decideCharge(charge(amount!, limit), withBalance(balance!))).toEqual({
      kind: 'refused',
      refusal: { code: 'balance_limit_exceeded', members: { limit, balance } },
    });
  });

  test.for([
    [0, 1_000, 1_000],
    [999, 1, 1_000],
    [0, AMOUNT_MAX, AMOUNT_MAX],
    [AMOUNT_MAX - 1, 1, AMOUNT_MAX],
  ])('charged: %i + %i <= %i', ([before, amount, limit]) => {
    const rows = withBalance(before!);
    const decision = decideCharge(charge(amount!, limit), rows);
    const balance = before! + amount!;
    const data = { userId: 'alice', chargeId: 'c1', amount, balance };
    expect(decision).toMatchObject({
      kind: 'accepted',
      events: [{ type: 'wallet.charged.v1', subject: 'alice', data }],
    });
    // Deciding changes nothing.
    expect(rows.get(wallets, 'alice')).toEqual(wallet(before!));
  });
});

describe('the outcomes of a withdrawal, in order', () => {
  const withdrawal = (amount: number) => ({ userId: 'alice', withdrawalId: 'w1', amount });

  test('user_not_found', () => {
    expect(decideWithdrawal(withdrawal(1), withoutWallet())).toEqual(notFound);
  });

  test('insufficient_balance', () => {
    expect(decideWithdrawal(withdrawal(501), withBalance(500))).toEqual({
      kind: 'refused',
      refusal: { code: 'insufficient_balance', members: { balance: 500, required: 501 } },
    });
  });

  test('withdrawn, up to the whole balance', () => {
    expect(decideWithdrawal(withdrawal(500), withBalance(500))).toMatchObject({
      kind: 'accepted',
      events: [{ type: 'wallet.withdrawn.v1', data: { amount: 500, balance: 0 } }],
    });
  });
});

describe('a movement of money', () => {
  const event = recorded('wallet.charged.v1', {});

  test('changes the balance and adds the next entry with the new balance', () => {
    const rows = withBalance(100, 6);
    post(rows, event, { userId: 'alice', kind: 'payment', amount: -40, reference: 'o1' });
    post(rows, event, { userId: 'alice', kind: 'refund', amount: 15, reference: 'o1' });
    expect(rows.get(wallets, 'alice')).toEqual({ ...wallet(75, 8), updatedAt: TIME });
    expect(rows.appended(transfers)).toMatchObject([
      { number: 7, kind: 'payment', amount: -40, balanceAfter: 60, reference: 'o1' },
      { number: 8, kind: 'refund', amount: 15, balanceAfter: 75, reference: 'o1' },
    ]);
  });

  test.for([
    ['below zero', 100, -101],
    ['beyond the exact integers', AMOUNT_MAX, 1],
    ['that is not a number', 100, NaN],
  ] as const)('never makes a balance %s', ([, balance, amount]) => {
    const rows = withBalance(balance);
    const move = () =>
      post(rows, event, { userId: 'alice', kind: 'charge', amount, reference: 'c1' });
    expect(move).toThrow('wallet alice cannot move');
    expect(rows.get(wallets, 'alice')).toEqual(wallet(balance));
    expect(rows.appended(transfers)).toEqual([]);
  });

  test('needs a wallet', () => {
    const rows = withoutWallet();
    const move = () =>
      post(rows, event, { userId: 'alice', kind: 'charge', amount: 1, reference: 'c1' });
    expect(move).toThrow('user alice has no wallet');
  });
});
