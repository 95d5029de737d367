import type { Log, Table } from '../commit/index.ts';
import type { Queryable } from '../database/statement.ts';
import {
  findUser,
  insertTransfers,
  insertWallets,
  lockWallets,
  updateWallets,
} from './queries.gen.ts';

/** A user's prepaid money. All amounts are in the currency's minor unit. */
export interface Wallet {
  readonly userId: string;
  readonly balance: number;
  /** The number of transfers, which are numbered without a gap. */
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
  /** The change of the balance; negative for a payment or a withdrawal. */
  readonly amount: number;
  readonly balanceAfter: number;
  /** The id of the charge, withdrawal or order. */
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

/** Whether the user exists: a user exists once they have a wallet. */
export const isUser = async (db: Queryable, userId: string): Promise<boolean> =>
  (await findUser(db, { userId })) !== undefined;

export const transfers: Log<Transfer> = {
  name: 'wallet.transfers',
  append: insertTransfers,
};
