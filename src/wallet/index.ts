export { walletRoutes } from './routes.ts';
export { transfers, wallets } from './tables.ts';
export {
  decideCharge,
  decideOpen,
  decideWithdrawal,
  evolveWallet,
  post,
  shortfall,
  userNotFound,
  type Wallet,
} from './wallet.ts';
