import { Type, type Static } from 'typebox';
import {
  Moment,
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  UserId,
  Uuid,
  decodeCursor,
  defineRoute,
  invalid,
  invalidCursor,
  isHidden,
  ok,
  page,
  pageOf,
  problem,
  strictObject,
  OrderStatus,
  timeOf,
  type Reply,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { isUser, userNotFound } from '../wallet/index.ts';
import {
  findOrder,
  listOrders,
  listOrdersOfTime,
  listOrdersOfUser,
  listOtherOrders,
  listPaidOrders,
  type FindOrderRow,
} from './queries.gen.ts';
import { OrderView } from './schemas.ts';
import { orderOf } from './tables.ts';
import { viewOrder } from './view.ts';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** Before and after every order. */
const FIRST_TIME = new Date('0001-01-01T00:00:00Z');
const LAST_TIME = new Date('9999-12-31T00:00:00Z');
const Place = Type.Tuple([Uuid]);
const ListQuery = {
  status: Type.Optional(OrderStatus),
  from: Type.Optional({ ...Moment, description: 'orders created at this time or later' }),
  to: Type.Optional({ ...Moment, description: 'orders created before this time' }),
  productId: Type.Optional({ ...Uuid, description: 'orders with a line of this product' }),
  ...PageQuery,
};
const OrdersQuery = strictObject({ userId: Type.Optional(UserId), ...ListQuery });

/** A validated request; null stands for "any". */
interface Filter {
  readonly userId: string | null;
  readonly status: OrderStatus | null;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly productId: string | null;
  readonly beforeId: string;
  readonly limit: number;
}

const fetchOrders = (db: Queryable, filter: Filter): Promise<FindOrderRow[]> => {
  const { userId, status, from, to } = filter;
  if (userId !== null) return listOrdersOfUser(db, { ...filter, userId });
  if (status !== null && status !== 'paid') return listOtherOrders(db, { ...filter, status });
  if (from !== null || to !== null) {
    return listOrdersOfTime(db, { ...filter, from: from ?? FIRST_TIME, to: to ?? LAST_TIME });
  }
  return status === null ? listOrders(db, filter) : listPaidOrders(db, filter);
};

/** Reading one order, a user's orders or all orders; lists are newest first. */
export const orderListRoutes = (
  db: Queryable,
  { currency }: { readonly currency: string },
): Route[] => {
  const list = async (name: string, request: Static<typeof OrdersQuery>): Promise<Reply> => {
    const { userId = null, status = null, productId = null, cursor } = request;
    const { limit = PAGE_LIMIT_DEFAULT } = request;
    const from = request.from === undefined ? null : timeOf(request.from);
    const to = request.to === undefined ? null : timeOf(request.to);
    if (from !== null && to !== null && from > to) {
      return invalid('/query/from', 'must not be after `to`');
    }
    const place = cursor === undefined ? [LAST_ID] : decodeCursor(name, Place, cursor);
    const beforeId = place?.[0];
    if (beforeId === undefined) return invalidCursor;
    const filter = { userId, status, from, to, productId, beforeId, limit: limit + 1 };
    const rows = await fetchOrders(db, filter);
    const view = (row: FindOrderRow) => viewOrder(orderOf(row), currency);
    return ok(pageOf(name, rows, limit, view, ({ orderId }) => [orderId]));
  };

  return [
    defineRoute({
      method: 'GET',
      path: '/v1/orders/:orderId',
      operation: 'getOrder',
      summary: 'Read an order',
      tag: 'Orders',
      access: ['customer', 'staff', 'service'],
      params: strictObject({ orderId: Uuid }),
      answers: { 200: OrderView },
      problems: ['order_not_found'],
      handle: async ({ params: { orderId }, caller }) => {
        const row = await findOrder(db, { orderId });
        if (row === undefined || isHidden(caller, row.userId)) {
          return problem({ code: 'order_not_found' });
        }
        return ok(viewOrder(orderOf(row), currency));
      },
    }),

    defineRoute({
      method: 'GET',
      path: '/v1/users/:userId/orders',
      operation: 'listOrdersOfUser',
      summary: "List a user's orders, newest first",
      tag: 'Orders',
      access: ['customer', 'staff', 'service'],
      owner: 'params',
      params: strictObject({ userId: UserId }),
      query: strictObject(ListQuery),
      answers: { 200: page(OrderView) },
      problems: ['user_not_found'],
      handle: async ({ params: { userId }, query }) => {
        if (!(await isUser(db, userId))) return problem(userNotFound);
        return list(`listOrdersOfUser ${userId}`, { ...query, userId });
      },
    }),

    defineRoute({
      method: 'GET',
      path: '/v1/orders',
      operation: 'listOrders',
      summary: 'List orders, newest first',
      tag: 'Orders',
      access: ['staff', 'service'],
      query: OrdersQuery,
      answers: { 200: page(OrderView) },
      problems: [],
      handle: ({ query, caller }) => {
        const isOwn = query.userId === 'me' && caller !== undefined;
        return list('listOrders', isOwn ? { ...query, userId: caller.userId } : query);
      },
    }),
  ];
};
