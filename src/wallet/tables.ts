import type { Log, Table } from '../commit/index.ts';
import type { Queryable } from '../database/statement.ts';
import {
  findUser,
  insertTransfers,
  insertWallets,
  lockWallets,
  updateWallets,
} from './queries.gen.ts';

/** What a user can spend. All amounts are in the currency's minor unit. */
export interface Wallet {
  readonly userId: string;
  readonly balance: number;
  /** How many transfers there have been; numbers them without a gap. */
  readonly entryCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One movement of money between a wallet and an account of the platform. */
export interface Transfer {
  readonly userId: string;
  readonly number: number;
  readonly transferId: string;
  readonly kind: TransferKind;
  /** What the wallet gained; negative for what it paid. */
  readonly amount: number;
  readonly balanceAfter: number;
  /** The charge, withdrawal or order that it belongs to. */
  readonly reference: string;
  readonly createdAt: Date;
}

type TransferKind = 'charge' | 'withdrawal' | 'payment' | 'refund';

export const wallets: Table<Wallet> = {
  name: 'wallet.wallets',
  lock: (db, userIds) => lockWallets(db, { userIds }),
  keyOf: ({ userId }) => userId,
  insert: insertWallets,
  update: updateWallets,
};

/** Whether there is such a user: whoever has a wallet. */
export const isUser = async (db: Queryable, userId: string): Promise<boolean> =>
  (await findUser(db, { userId })) !== undefined;

export const transfers: Log<Transfer> = {
  name: 'wallet.transfers',
  append: insertTransfers,
};
