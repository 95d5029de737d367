export { findWallets } from './queries.gen.ts';
export { isUser, transfers, wallets, type Wallet } from './tables.ts';
export {
  decideCharge,
  decideOpen,
  evolveWallet,
  excess,
  existingWallet,
  post,
  shortfall,
  userNotFound,
  type WalletEvent,
} from './wallet.ts';
