import type { Log, Table } from '../commit/index.ts';
import { insertTransfers, insertWallets, lockWallets, updateWallets } from './queries.gen.ts';
import type { Transfer, Wallet } from './wallet.ts';

export const wallets: Table<Wallet> = {
  name: 'wallet.wallets',
  lock: (on, userIds) => lockWallets(on, { userIds }),
  keyOf: ({ userId }) => userId,
  insert: insertWallets,
  update: updateWallets,
};

export const transfers: Log<Transfer> = {
  name: 'wallet.transfers',
  append: insertTransfers,
};
