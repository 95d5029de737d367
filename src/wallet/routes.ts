import { Type } from 'typebox';
import { lock, type GroupCommit, type Happened } from '../commit/index.ts';
import {
  AT,
  AT_RESTRICTED,
  Amount,
  AsOf,
  Balance,
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  Timestamp,
  UserId,
  Uuid,
  choice,
  createCommandRoutes,
  decodeCursor,
  defineRoute,
  invalidCursor,
  named,
  notYet,
  ok,
  page,
  pageOf,
  problem,
  strictObject,
  untilOf,
  type Refusal,
  type Reply,
  type Route,
} from '../contract/index.ts';
import { newId } from '../database/ids.ts';
import { createRowLoader } from '../database/loader.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event, Settled } from '../journal/index.ts';
import { findWalletAt, findWallets, listEntries } from './queries.gen.ts';
import { wallets } from './tables.ts';
import {
  decideCharge,
  decideWithdrawal,
  userNotFound,
  type WalletCharged,
  type WalletWithdrawn,
} from './wallet.ts';

export interface WalletSettings {
  readonly currency: string;
  /** The maximum balance of a wallet after a charge. */
  readonly balanceMax: number;
  /** Whether customers may charge their own wallets. */
  readonly selfCharge: boolean;
}

const Params = strictObject({ userId: UserId });
const Body = named('Movement', { amount: Amount });
const WALLET = { userId: UserId, balance: Balance, currency: Type.String(), updatedAt: Timestamp };
const MOVED = { userId: UserId, amount: Amount, balance: Balance, createdAt: Timestamp };
const Entry = named('WalletEntry', {
  entryId: Uuid,
  kind: choice(['charge', 'payment', 'refund', 'withdrawal']),
  amount: Type.Integer({
    description: 'the change of the balance; negative for a payment or a withdrawal',
  }),
  balanceAfter: Balance,
  reference: Uuid,
  createdAt: Timestamp,
});
const answerMovement = ({ events, time }: Happened<WalletCharged | WalletWithdrawn>) => ({
  status: 201,
  body: { ...events[0]?.data, createdAt: time },
});

const EntryPlace = Type.Tuple([Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })]);

/** Charging, withdrawing and reading a prepaid balance. */
export const walletRoutes = (
  commit: GroupCommit<Event, Refusal>,
  db: Queryable,
  { currency, balanceMax, selfCharge }: WalletSettings,
  settled: Settled,
): Route[] => {
  const defineCommand = createCommandRoutes(commit);
  const findWallet = createRowLoader(
    (userIds) => findWallets(db, { userIds }),
    ({ userId }) => userId,
  );

  const readWalletAt = async (userId: string, at: string): Promise<Reply> => {
    const asOf = await settled(untilOf(at));
    if (asOf === undefined) return notYet;
    const wallet = await findWalletAt(db, { userId, at: asOf });
    if (wallet === undefined) return problem(userNotFound);
    return ok({ userId, ...wallet, currency, asOf });
  };

  return [
    defineRoute({
      method: 'GET',
      path: '/v1/users/:userId/wallet',
      operation: 'getWallet',
      summary: "Read a wallet's balance",
      tag: 'Wallets',
      access: ['customer', 'staff', 'service'],
      owner: 'params',
      params: Params,
      restricted: AT_RESTRICTED,
      query: strictObject(AT),
      answers: {
        200: Type.Union([named('Wallet', WALLET), named('PastWallet', { ...WALLET, asOf: AsOf })]),
      },
      problems: ['user_not_found'],
      handle: async ({ params, query: { at } }) => {
        if (at !== undefined) return readWalletAt(params.userId, at);
        const wallet = await findWallet(params.userId);
        if (wallet === undefined) return problem(userNotFound);
        const { userId, balance, updatedAt } = wallet;
        return ok({ userId, balance, currency, updatedAt });
      },
    }),

    defineCommand({
      method: 'POST',
      path: '/v1/users/:userId/wallet/charges',
      operation: 'chargeWallet',
      summary: 'Charge a wallet',
      tag: 'Wallets',
      access: selfCharge ? ['customer', 'staff', 'service'] : ['staff', 'service'],
      owner: 'params',
      keyed: true,
      params: Params,
      body: Body,
      answers: { 201: named('Charge', { chargeId: Uuid, ...MOVED }) },
      problems: ['user_not_found', 'balance_limit_exceeded'],
      command: ({ params: { userId }, body: { amount } }) => {
        const input = { userId, chargeId: newId(), amount, limit: balanceMax };
        return {
          locks: [lock(wallets, [userId])],
          decide: (rows) => decideCharge(input, rows),
          answer: answerMovement,
        };
      },
    }),

    defineCommand({
      method: 'POST',
      path: '/v1/users/:userId/wallet/withdrawals',
      operation: 'withdrawFromWallet',
      summary: 'Withdraw money from a wallet',
      tag: 'Wallets',
      access: ['staff', 'service'],
      owner: 'params',
      keyed: true,
      params: Params,
      body: Body,
      answers: { 201: named('Withdrawal', { withdrawalId: Uuid, ...MOVED }) },
      problems: ['user_not_found', 'insufficient_balance'],
      command: ({ params: { userId }, body: { amount } }) => {
        const input = { userId, withdrawalId: newId(), amount };
        return {
          locks: [lock(wallets, [userId])],
          decide: (rows) => decideWithdrawal(input, rows),
          answer: answerMovement,
        };
      },
    }),

    defineRoute({
      method: 'GET',
      path: '/v1/users/:userId/wallet/entries',
      operation: 'listWalletEntries',
      summary: "List a wallet's entries, newest first",
      tag: 'Wallets',
      access: ['customer', 'staff', 'service'],
      owner: 'params',
      params: Params,
      query: strictObject(PageQuery),
      answers: { 200: page(Entry) },
      problems: ['user_not_found'],
      handle: async ({ params: { userId }, query: { limit = PAGE_LIMIT_DEFAULT, cursor } }) => {
        const start = [Number.MAX_SAFE_INTEGER];
        const list = `listWalletEntries ${userId}`;
        const place = cursor === undefined ? start : decodeCursor(list, EntryPlace, cursor);
        if (place === undefined) return invalidCursor;
        if ((await findWallet(userId)) === undefined) return problem(userNotFound);
        const [before] = place;
        const rows = await listEntries(db, { userId, before: before!, limit: limit + 1 });
        return ok(
          pageOf(
            list,
            rows,
            limit,
            ({ transferId, number: _, ...entry }) => ({ entryId: transferId, ...entry }),
            ({ number }) => [number],
          ),
        );
      },
    }),
  ];
};
