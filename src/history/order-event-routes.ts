import { Type } from 'typebox';
import {
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  Timestamp,
  Uuid,
  decodeCursor,
  defineRoute,
  invalidCursor,
  isHidden,
  named,
  ok,
  page,
  pageOf,
  problem,
  strictObject,
  type Role,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { Sequence, sentType, toSequence } from '../delivery/index.ts';
import {
  findNextOrderEvent,
  findOrder,
  findOrderEvents,
  type FindOrderEventsRow,
} from './queries.gen.ts';

const TYPES = ['placed', 'paid', 'cancelled', 'expired', 'refunded'].map((name) =>
  sentType(`order.${name}.v1`),
);

const OrderEventView = named('OrderEvent', {
  eventId: { ...Uuid, description: 'the event; the `id` of the CloudEvent' },
  type: Type.Enum(TYPES, { type: 'string' }),
  time: Timestamp,
  sequence: Sequence,
  data: Type.Object(
    {},
    {
      description:
        'as in the CloudEvent of this type; without `reason` for a customer, because staff write ' +
        'reasons for staff',
    },
  ),
});

/** Customers do not see the reasons that staff have written. */
const dataFor = (role: Role | undefined, data: unknown): object => {
  const { reason, ...rest } = data as { readonly reason?: string };
  return role === 'customer' || reason === undefined ? rest : { ...rest, reason };
};

const Place = Type.Tuple([Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })]);

/**
 * At most `limit` events of an order after a position, oldest first. The status is read before the
 * events, so the events of a status that is read are found.
 */
const readEvents = async (
  db: Queryable,
  { status, ...range }: { orderId: string; status: string; after: number; limit: number },
): Promise<FindOrderEventsRow[]> => {
  const isReleased = status === 'cancelled' || status === 'expired';
  if (!isReleased) return findOrderEvents(db, range);
  const { orderId, after, limit } = range;
  const [placed] = await findOrderEvents(db, { orderId, after: 0, limit: 1 });
  if (placed === undefined) return [];
  const end = await findNextOrderEvent(db, { orderId, after: placed.position });
  const events = end === undefined ? [placed] : [placed, end];
  return events.filter(({ position }) => position > after).slice(0, limit);
};

/** Lists what happened to an order. */
export const orderEventRoute = (db: Queryable): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/orders/:orderId/events',
    operation: 'listOrderEvents',
    summary: 'List the events of an order, oldest first',
    tag: 'Orders',
    access: ['customer', 'staff', 'service'],
    params: strictObject({ orderId: Uuid }),
    query: strictObject(PageQuery),
    answers: { 200: page(OrderEventView) },
    problems: ['order_not_found'],
    handle: async ({ params: { orderId }, query, caller }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor } = query;
      const list = `listOrderEvents ${orderId}`;
      const place = cursor === undefined ? [0] : decodeCursor(list, Place, cursor);
      const after = place?.[0];
      if (after === undefined) return invalidCursor;
      const order = await findOrder(db, { orderId });
      if (order === undefined || isHidden(caller, order.userId)) {
        return problem({ code: 'order_not_found' });
      }
      const range = { orderId, status: order.status, after, limit: limit + 1 };
      const events = await readEvents(db, range);
      const view = ({ eventId, type, time, position, data }: FindOrderEventsRow) => ({
        eventId,
        type: sentType(type),
        time,
        sequence: toSequence(position),
        data: dataFor(caller?.role, data),
      });
      return ok(pageOf(list, events, limit, view, ({ position }) => [position]));
    },
  });
