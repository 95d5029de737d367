export { walletRoutes, type WalletSettings } from './routes.ts';
export { isUser, transfers, wallets } from './tables.ts';
export {
  decideCharge,
  decideOpen,
  evolveWallet,
  post,
  shortfall,
  userNotFound,
  type Wallet,
  type WalletEvent,
} from './wallet.ts';
