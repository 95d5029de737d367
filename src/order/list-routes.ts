import { Type, type Static } from 'typebox';
import {
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  UserId,
  Uuid,
  decodeCursor,
  defineRoute,
  invalidCursor,
  ok,
  page,
  pageOf,
  problem,
  strictObject,
  OrderStatus,
  type Reply,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { isUser, userNotFound } from '../wallet/index.ts';
import { ownerOf } from './order-routes.ts';
import {
  findOrder,
  listOrders,
  listOrdersOfUser,
  listOtherOrders,
  listPaidOrders,
  type FindOrderRow,
} from './queries.gen.ts';
import { OrderView } from './schemas.ts';
import { orderOf } from './tables.ts';
import { viewOrder } from './view.ts';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const Place = Type.Tuple([Uuid]);
const ListQuery = { status: Type.Optional(OrderStatus), ...PageQuery };

interface Filter {
  readonly status?: Static<typeof OrderStatus> | undefined;
  readonly userId?: string | undefined;
}

const fetchOrders = (
  db: Queryable,
  { status, userId }: Filter,
  place: { readonly beforeId: string; readonly limit: number },
): Promise<FindOrderRow[]> => {
  if (userId !== undefined) {
    return listOrdersOfUser(db, { ...place, userId, status: status ?? null });
  }
  if (status === undefined) return listOrders(db, place);
  if (status === 'paid') return listPaidOrders(db, place);
  return listOtherOrders(db, { ...place, status });
};

/** Reading one order, a user's orders or all orders; lists are newest first. */
export const orderListRoutes = (
  db: Queryable,
  { currency }: { readonly currency: string },
): Route[] => {
  const list = async (
    filter: Filter,
    { limit = PAGE_LIMIT_DEFAULT, cursor }: { limit?: number; cursor?: string },
  ): Promise<Reply> => {
    const place = cursor === undefined ? [LAST_ID] : decodeCursor(Place, cursor);
    const beforeId = place?.[0];
    if (beforeId === undefined) return invalidCursor;
    const rows = await fetchOrders(db, filter, { beforeId, limit: limit + 1 });
    const view = (row: FindOrderRow) => viewOrder(orderOf(row), currency);
    return ok(pageOf(rows, limit, view, ({ orderId }) => [orderId]));
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
        const owner = ownerOf(caller);
        const isForeign = owner !== undefined && owner !== row?.userId;
        if (row === undefined || isForeign) return problem({ code: 'order_not_found' });
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
        return list({ userId, status: query.status }, query);
      },
    }),

    defineRoute({
      method: 'GET',
      path: '/v1/orders',
      operation: 'listOrders',
      summary: 'List orders, newest first',
      tag: 'Orders',
      access: ['staff', 'service'],
      query: strictObject({ userId: Type.Optional(UserId), ...ListQuery }),
      answers: { 200: page(OrderView) },
      problems: [],
      handle: ({ query }) => list({ userId: query.userId, status: query.status }, query),
    }),
  ];
};
