import type { Log, Table } from '../commit/index.ts';
import type { Queryable } from '../database/statement.ts';
import {
  findUser,
  insertTransfers,
  insertWallets,
  lockWallets,
  updateWallets,
} from './queries.gen.ts';
import type { Transfer, Wallet } from './wallet.ts';

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
