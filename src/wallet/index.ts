export * from './core.ts';
export { walletRoutes, type WalletSettings } from './routes.ts';
