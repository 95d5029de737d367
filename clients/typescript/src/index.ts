export { createMoa, type Moa, type MoaOptions } from './moa.ts';
export { MoaFault, type FaultReason, type Result } from './result.ts';
export { storeIn, storeInMemory, type Intent, type IntentStore } from './intent.ts';
export type { CallOptions, CartOptions, KeyedOptions, OptionsAt, ResultAt } from './call.ts';
export type { Fetch, OnWait, RetryOptions, Waiting } from './retry.ts';
export type { Live, LiveEvent, LiveListeners, LiveOptions } from './live.ts';
export type { List } from './list.ts';
export type { NewOrder } from './order.ts';
export type {
  Cart,
  LiveData,
  Order,
  PaidOrder,
  Problem,
  Product,
  Wallet,
  WalletEntry,
} from './contract.ts';
export type { components, paths } from './openapi.gen.ts';
