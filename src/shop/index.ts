import { carts, evolveCart } from '../cart/index.ts';
import { descriptions, evolveProduct, products } from '../catalog/index.ts';
import type { Log, Table } from '../commit/index.ts';
import { buyers, evolveOrder, orders } from '../order/index.ts';
import { evolveWallet, transfers, wallets } from '../wallet/index.ts';

/** Every table whose rows commands lock and events change, in the one order of all locks. */
export const TABLES = { orders, wallets, carts, buyers, products, descriptions };

/** Every log that events add to, besides the journal that records the events themselves. */
export const LOGS = { transfers };

/** What each event does. */
export const RULES = { ...evolveWallet, ...evolveProduct, ...evolveCart, ...evolveOrder };

type Kept = typeof TABLES & typeof LOGS;

/** The name of what keeps rows. */
export type KeptName = keyof Kept;

/** A row of what has this name. */
export type KeptRow<Name extends KeptName> =
  Kept[Name] extends Table<infer Row> ? Row : Kept[Name] extends Log<infer Row> ? Row : never;
