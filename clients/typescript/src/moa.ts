import { createCalls, type Connection } from './call.ts';
import { cartCalls } from './cart.ts';
import { catalogCalls } from './catalog.ts';
import { createIntents, storeInMemory, type IntentStore } from './intent.ts';
import { createLists } from './list.ts';
import { createLive } from './live.ts';
import { orderCalls } from './order.ts';
import { walletCalls } from './wallet.ts';

export interface MoaOptions extends Connection {
  /** Where keys of intents are kept; by default in memory. */
  readonly intents?: IntentStore | undefined;
}

/** A client of Moa. The caller is `me` where a call takes a user and none is given. */
export const createMoa = ({ intents = storeInMemory(), ...connection }: MoaOptions = {}) => {
  const calls = createCalls(connection);
  const list = createLists(calls);
  return {
    ...catalogCalls(calls, list),
    ...orderCalls(calls, list),
    cart: (userId = 'me') => cartCalls(calls, userId),
    wallet: (userId = 'me') => walletCalls(calls, list, userId),
    /** An intended effect by its name: make it before the click, and call `done` after the effect. */
    intent: createIntents(intents),
    /** Events of products, best sellers, orders, the balance and operations, as they happen. */
    live: createLive(connection),
    /** Every operation by method and path. */
    calls,
    /** Every list by path. */
    list,
  };
};

export type Moa = ReturnType<typeof createMoa>;
