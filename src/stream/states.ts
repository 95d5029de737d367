import { findStocks } from '../catalog/index.ts';
import type { Queryable } from '../database/statement.ts';
import {
  findChangedOrders,
  findOrders,
  findNewestOrders,
  orderOf,
  viewOrder,
  type FindOrdersRow,
} from '../order/index.ts';
import { findWallets } from '../wallet/index.ts';
import { createFrame, type Frame } from './frame.ts';
import type { Member, Members } from './members.ts';
import type { Touched } from './touched.ts';

/** A state as one line of JSON, and whose or what state it is. */
export interface State {
  readonly key: string;
  readonly json: string;
}

/** An order, and the event that each of its streams gets. */
export interface OrderState extends State {
  readonly userId: string;
  readonly frame: Frame;
}

/** The current states that a round sends. */
export interface States {
  readonly stocks: readonly State[];
  readonly wallets: readonly State[];
  /** The changed orders, in the order of their last events. */
  readonly orders: readonly OrderState[];
  /** The newest orders of the users whose streams are new, the newest first. */
  readonly newest: ReadonlyMap<string, readonly OrderState[]>;
  /** By new stream, the older orders that its client missed, unless it missed too many. */
  readonly missed: ReadonlyMap<Member, readonly OrderState[]>;
}

/** A page of a list of orders. */
const NEWEST_MAX = 20;
/** Missed orders: one may have 40 kB of metadata, and a client may open many streams. */
const MISSED_MAX = 20;
/** Rows of a statement, so that no statement or answer is large. */
const KEYS_MAX = 1_000;
/** Positions that are searched for a client's missed changes: a statement of some 50 ms. */
const RESUME_MAX = 20_000;

const inParts = async <Row>(
  keys: readonly string[],
  find: (part: readonly string[]) => Promise<readonly Row[]>,
): Promise<Row[]> => {
  const rows: Row[] = [];
  for (let first = 0; first < keys.length; first += KEYS_MAX) {
    rows.push(...(await find(keys.slice(first, first + KEYS_MAX))));
  }
  return rows;
};

/** Whether the changes after a client's position are searched. */
const isNear = (after: number | undefined, position: number): after is number =>
  after !== undefined && after <= position && position - after <= RESUME_MAX;

interface Request {
  readonly members: Members;
  readonly newcomers: readonly Member[];
  readonly touched: Touched;
  /** The position up to which events are read. */
  readonly position: number;
}

const defined = <Value>(value: Value | undefined): Value[] => (value === undefined ? [] : [value]);

/** Reads what streams follow: what was touched, and everything that new streams follow. */
export const createStateReader = (db: Queryable, currency: string) => {
  const viewOf = (row: FindOrdersRow): OrderState => {
    const json = JSON.stringify(viewOrder(orderOf(row), currency));
    return { key: row.orderId, userId: row.userId, json, frame: createFrame('order', json) };
  };

  const readStocks = async ({ members, newcomers, touched }: Request): Promise<State[]> => {
    const changed = [...touched.productIds].filter(members.products.has);
    const ids = new Set([...changed, ...newcomers.flatMap(({ productIds }) => productIds)]);
    const rows = await inParts([...ids], (productIds) => findStocks(db, { productIds }));
    return rows.map((row) => ({ key: row.productId, json: JSON.stringify(row) }));
  };

  const readWallets = async ({ members, newcomers, touched }: Request): Promise<State[]> => {
    const changed = [...touched.userIds].filter(members.wallets.has);
    const ids = new Set([...changed, ...newcomers.flatMap(({ walletOf }) => defined(walletOf))]);
    const rows = await inParts([...ids], (userIds) => findWallets(db, { userIds }));
    return rows.map(({ userId, balance, updatedAt }) => ({
      key: userId,
      json: JSON.stringify({ userId, balance, currency, updatedAt }),
    }));
  };

  const readOrders = async (orderIds: readonly string[]): Promise<OrderState[]> => {
    const rows = await inParts(orderIds, (part) => findOrders(db, { orderIds: part }));
    const byId = new Map(rows.map((row) => [row.orderId, viewOf(row)]));
    return orderIds.flatMap((orderId) => defined(byId.get(orderId)));
  };

  const readNewest = async ({ newcomers }: Request): Promise<Map<string, OrderState[]>> => {
    const userIds = [...new Set(newcomers.flatMap(({ ordersOf }) => defined(ordersOf)))];
    if (userIds.length === 0) return new Map();
    const rows = await findNewestOrders(db, { userIds, limit: NEWEST_MAX });
    return Map.groupBy(rows.map(viewOf), ({ userId }) => userId);
  };

  const readMissed = async (
    { newcomers, position }: Request,
    newest: States['newest'],
  ): Promise<States['missed']> => {
    const returning = newcomers.flatMap((member) => {
      const { ordersOf: userId, after } = member;
      return userId !== undefined && isNear(after, position) ? [{ member, userId, after }] : [];
    });
    if (returning.length === 0) return new Map();
    const userIds = [...new Set(returning.map(({ userId }) => userId))];
    const first = Math.min(...returning.map(({ after }) => after));
    const changes = await findChangedOrders(db, { userIds, after: first, upTo: position });
    const shown = new Set([...newest.values()].flat().map(({ key }) => key));
    const older = changes.filter(({ orderId }) => !shown.has(orderId));
    const byUser = Map.groupBy(older, ({ userId }) => userId);
    const missed = returning.flatMap(({ member, userId, after }) => {
      const orders = (byUser.get(userId) ?? []).filter((change) => change.position > after);
      const orderIds = orders.map(({ orderId }) => orderId);
      return orderIds.length > MISSED_MAX ? [] : [{ member, orderIds }];
    });
    const states = await readOrders([...new Set(missed.flatMap(({ orderIds }) => orderIds))]);
    const byId = new Map(states.map((state) => [state.key, state]));
    const statesOf = (orderIds: readonly string[]) =>
      orderIds.flatMap((orderId) => defined(byId.get(orderId)));
    return new Map(missed.map(({ member, orderIds }) => [member, statesOf(orderIds)]));
  };

  return async (request: Request): Promise<States> => {
    const { members, touched } = request;
    const changed = [...touched.owners].filter(([, userId]) => members.orders.has(userId));
    const [stocks, wallets, orders, newest] = await Promise.all([
      readStocks(request),
      readWallets(request),
      readOrders(changed.map(([orderId]) => orderId)),
      readNewest(request),
    ]);
    const missed = await readMissed(request, newest);
    return { stocks, wallets, orders, newest, missed };
  };
};
