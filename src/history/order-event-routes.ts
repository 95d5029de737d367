import { Type } from 'typebox';
import {
  Timestamp,
  Uuid,
  defineRoute,
  named,
  ok,
  problem,
  strictObject,
  type Role,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { Sequence, sentType, toSequence } from '../delivery/index.ts';
import { ownerOf } from '../order/index.ts';
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

/**
 * The events of an order, oldest first. The status is read before the events, so the events of a
 * status that is read are found.
 */
const readEvents = async (
  db: Queryable,
  orderId: string,
  status: string,
): Promise<FindOrderEventsRow[]> => {
  const events = await findOrderEvents(db, { orderId });
  const [placed] = events;
  const isReleased = status === 'cancelled' || status === 'expired';
  if (placed === undefined || !isReleased) return events;
  const end = await findNextOrderEvent(db, { orderId, after: placed.position });
  return end === undefined ? events : [...events, end];
};

/** Lists what happened to an order. */
export const orderEventRoute = (db: Queryable): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/orders/:orderId/events',
    operation: 'listOrderEvents',
    summary: 'Read the events of an order, oldest first',
    tag: 'Orders',
    access: ['customer', 'staff', 'service'],
    params: strictObject({ orderId: Uuid }),
    answers: { 200: named('OrderEvents', { items: Type.Array(OrderEventView) }) },
    problems: ['order_not_found'],
    handle: async ({ params: { orderId }, caller }) => {
      const order = await findOrder(db, { orderId });
      const owner = ownerOf(caller);
      const isForeign = owner !== undefined && owner !== order?.userId;
      if (order === undefined || isForeign) return problem({ code: 'order_not_found' });
      const events = await readEvents(db, orderId, order.status);
      return ok({
        items: events.map(({ eventId, type, time, position, data }) => ({
          eventId,
          type: sentType(type),
          time,
          sequence: toSequence(position),
          data: dataFor(caller?.role, data),
        })),
      });
    },
  });
