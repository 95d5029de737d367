import { carts, evolveCart } from '../cart/index.ts';
import { descriptions, evolveProduct, products } from '../catalog/index.ts';
import type { Log, Table, WritableRows } from '../commit/index.ts';
import type { Queryable } from '../database/statement.ts';
import type { Evolve } from '../journal/index.ts';
import { buyers, evolveOrder, orders } from '../order/index.ts';
import { evolveWallet, transfers, wallets } from '../wallet/index.ts';
import {
  allBuyers,
  allCarts,
  allDescriptions,
  allEvents,
  allOrders,
  allProducts,
  allTransfers,
  allWallets,
} from './queries.gen.ts';

/** Every rule by which events make the state. */
const EVOLVE: Readonly<Record<string, Evolve>> = {
  ...evolveWallet,
  ...evolveProduct,
  ...evolveCart,
  ...evolveOrder,
};

/** Rows that live in memory only: what the journal says the tables hold. */
const createFold = () => {
  const rows = new Map<string, Map<string, unknown>>();
  const of = (name: string): Map<string, unknown> => {
    let found = rows.get(name);
    if (found === undefined) rows.set(name, (found = new Map()));
    return found;
  };
  const writable: WritableRows = {
    get: <Row>(table: Table<Row>, key: string) => of(table.name).get(key) as Row | undefined,
    put: (table, row) => of(table.name).set(table.keyOf(row), row),
    append: (log, row) => of(log.name).set(String(of(log.name).size), row),
  };
  const rowsOf = <Row>(table: Table<Row> | Log<Row>): Row[] =>
    [...of(table.name).values()] as Row[];
  return { writable, rowsOf };
};

/** Where the tables are not what the journal says (J1). */
export const foldDifferences = async (on: Queryable): Promise<string[]> => {
  const fold = createFold();
  for (const event of await allEvents(on)) {
    const evolve = EVOLVE[event.type];
    if (evolve === undefined) return [`no rule for events of type ${event.type}`];
    evolve(fold.writable, { ...event, data: event.data as object });
  }

  return [
    ...differences('wallet', fold.rowsOf(wallets), await allWallets(on)),
    ...differences('transfer', fold.rowsOf(transfers), await allTransfers(on)),
    ...differences('product', fold.rowsOf(products), await allProducts(on)),
    ...differences('description', fold.rowsOf(descriptions), await allDescriptions(on)),
    ...differences('order', fold.rowsOf(orders), await allOrders(on)),
    ...differences('buyer', fold.rowsOf(buyers), await allBuyers(on)),
    ...differences('cart', fold.rowsOf(carts), await allCarts(on)),
  ];
};

const differences = (
  kind: string,
  folded: readonly object[],
  stored: readonly object[],
): string[] => {
  const fromJournal = new Set(folded.map(canonical));
  const fromTable = new Set(stored.map(canonical));
  return [
    ...[...fromJournal.difference(fromTable)].map((row) => `${kind} only in the journal: ${row}`),
    ...[...fromTable.difference(fromJournal)].map((row) => `${kind} only in the table: ${row}`),
  ];
};

const canonical = (row: object): string =>
  JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
