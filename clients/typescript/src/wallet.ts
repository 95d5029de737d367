import type { CallOptions, Calls, KeyedOptions } from './call.ts';
import type { OperationAt, QueryOf } from './contract.ts';
import type { createLists } from './list.ts';

type EntriesQuery = QueryOf<OperationAt<'get', '/v1/users/{userId}/wallet/entries'>>;

/** The calls of a user's wallet. */
export const walletCalls = (
  calls: Calls,
  list: ReturnType<typeof createLists>,
  userId: string,
) => ({
  /** Reads the balance. */
  get: (options: CallOptions = {}) =>
    calls.get('/v1/users/{userId}/wallet', { path: { userId }, ...options }),
  /** Charges the wallet by an amount in the currency's minor unit. */
  charge: (amount: number, options: KeyedOptions = {}) =>
    calls.post('/v1/users/{userId}/wallet/charges', {
      path: { userId },
      body: { amount },
      ...options,
    }),
  /** The entries, newest first. */
  entries: (query: EntriesQuery = {}, options: CallOptions = {}) =>
    list('/v1/users/{userId}/wallet/entries', { path: { userId }, query, ...options }),
});
