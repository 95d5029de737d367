import { carts, evolveCart } from '../cart/core.ts';
import { descriptions, evolveProduct, products, skus } from '../catalog/core.ts';
import type { Log, Table } from '../commit/index.ts';
import { buyers, evolveOrder, orders } from '../order/core.ts';
import { evolveWallet, transfers, wallets } from '../wallet/core.ts';

/** Every table whose rows commands lock and events change, in lock order. */
export const TABLES = { orders, wallets, carts, buyers, products, descriptions, skus };

/** Every log that events append to, besides the journal. */
export const LOGS = { transfers };

/** The rule of each event. */
export const RULES = { ...evolveWallet, ...evolveProduct, ...evolveCart, ...evolveOrder };

type Kept = typeof TABLES & typeof LOGS;

/** The name of a table or a log. */
export type KeptName = keyof Kept;

/** A row of the table or log with this name. */
export type KeptRow<Name extends KeptName> =
  Kept[Name] extends Table<infer Row> ? Row : Kept[Name] extends Log<infer Row> ? Row : never;
