import { accept, refuse, type Decision, type Rows, type WritableRows } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { defineEvolve, type Event, type RecordedEvent } from '../journal/index.ts';
import { transfers, wallets, type Transfer, type Wallet } from './tables.ts';

export type WalletOpened = Event<'wallet.opened.v1', { userId: string }>;
export type WalletCharged = Event<
  'wallet.charged.v1',
  { userId: string; chargeId: string; amount: number; balance: number }
>;
export type WalletWithdrawn = Event<
  'wallet.withdrawn.v1',
  { userId: string; withdrawalId: string; amount: number; balance: number }
>;
export type WalletEvent = WalletOpened | WalletCharged | WalletWithdrawn;

type WalletDecision<E extends Event> = Decision<E, Refusal>;

export const userNotFound: Refusal = { code: 'user_not_found' };

/** The wallet of a user who must have one; throws when it does not exist. */
export const existingWallet = (userId: string, rows: Rows): Wallet => {
  const wallet = rows.get(wallets, userId);
  if (wallet === undefined) throw new Error(`user ${userId} has no wallet`);
  return wallet;
};

/** The refusal when the balance is below `required`; else undefined. */
export const shortfall = (wallet: Wallet, required: number): Refusal | undefined =>
  wallet.balance >= required
    ? undefined
    : { code: 'insufficient_balance', members: { balance: wallet.balance, required } };

/** The refusal when the balance after a gain would be beyond `limit`; else undefined. */
export const excess = (
  { balance }: Pick<Wallet, 'balance'>,
  amount: number,
  limit: number,
): Refusal | undefined =>
  // Subtraction, because the sum of two safe integers may not be a safe integer.
  amount > limit - balance
    ? { code: 'balance_limit_exceeded', members: { limit, balance } }
    : undefined;

/** Opens a wallet with balance zero. An existing wallet is no event. */
export const decideOpen = (
  { userId }: { readonly userId: string },
  rows: Rows,
): WalletDecision<WalletOpened> =>
  rows.get(wallets, userId) === undefined
    ? accept([{ type: 'wallet.opened.v1', subject: userId, data: { userId } }])
    : accept([]);

export interface ChargeInput {
  readonly userId: string;
  readonly chargeId: string;
  readonly amount: number;
  /** The maximum balance after a charge. */
  readonly limit: number;
}

/** Outcomes in order: `user_not_found`, `balance_limit_exceeded`, charged. */
export const decideCharge = (
  { userId, chargeId, amount, limit }: ChargeInput,
  rows: Rows,
): WalletDecision<WalletCharged> => {
  const wallet = rows.get(wallets, userId);
  if (wallet === undefined) return refuse(userNotFound);
  const refusal = excess(wallet, amount, limit);
  if (refusal !== undefined) return refuse(refusal);
  const balance = wallet.balance + amount;
  const data = { userId, chargeId, amount, balance };
  return accept([{ type: 'wallet.charged.v1', subject: userId, data }]);
};

export interface WithdrawalInput {
  readonly userId: string;
  readonly withdrawalId: string;
  readonly amount: number;
}

/** Outcomes in order: `user_not_found`, `insufficient_balance`, withdrawn. */
export const decideWithdrawal = (
  { userId, withdrawalId, amount }: WithdrawalInput,
  rows: Rows,
): WalletDecision<WalletWithdrawn> => {
  const wallet = rows.get(wallets, userId);
  if (wallet === undefined) return refuse(userNotFound);
  const short = shortfall(wallet, amount);
  if (short !== undefined) return refuse(short);
  const balance = wallet.balance - amount;
  const data = { userId, withdrawalId, amount, balance };
  return accept([{ type: 'wallet.withdrawn.v1', subject: userId, data }]);
};

/**
 * Moves money into or out of a wallet; the only function that changes a balance. A balance below
 * zero or beyond the safe integers violates an invariant (W2) and throws.
 */
export const post = (
  rows: WritableRows,
  event: RecordedEvent,
  movement: Pick<Transfer, 'userId' | 'kind' | 'amount' | 'reference'>,
): void => {
  const wallet = existingWallet(movement.userId, rows);
  const balance = wallet.balance + movement.amount;
  if (!Number.isSafeInteger(balance) || balance < 0) {
    throw new Error(`wallet ${movement.userId} cannot move ${movement.amount}`);
  }
  const number = wallet.entryCount + 1;
  rows.put(wallets, { ...wallet, balance, entryCount: number, updatedAt: event.time });
  rows.append(transfers, {
    ...movement,
    number,
    transferId: event.eventId,
    balanceAfter: balance,
    createdAt: event.time,
  });
};

/** The rules of a wallet's events. */
export const evolveWallet = defineEvolve<WalletEvent>({
  'wallet.opened.v1': (rows, { data: { userId }, time }) => {
    rows.put(wallets, { userId, balance: 0, entryCount: 0, createdAt: time, updatedAt: time });
  },
  'wallet.charged.v1': (rows, event) => {
    const { userId, amount, chargeId } = event.data;
    post(rows, event, { userId, kind: 'charge', amount, reference: chargeId });
  },
  'wallet.withdrawn.v1': (rows, event) => {
    const { userId, amount, withdrawalId } = event.data;
    post(rows, event, { userId, kind: 'withdrawal', amount: -amount, reference: withdrawalId });
  },
});
