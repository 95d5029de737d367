import { Type } from 'typebox';
import { productNotFound } from '../catalog/index.ts';
import {
  AMOUNT_MAX,
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  Timestamp,
  Uuid,
  choice,
  decodeCursor,
  defineRoute,
  encodeCursor,
  invalidCursor,
  named,
  nullable,
  ok,
  page,
  problem,
  strictObject,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { Sequence, toSequence } from '../delivery/index.ts';
import { MOVEMENT_KINDS } from './movement.ts';
import { readMovements, type RecordedMovement } from './movements.ts';

const Units = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });
const Change = Type.Integer({ minimum: -AMOUNT_MAX, maximum: AMOUNT_MAX });

const StockMovement = named('StockMovement', {
  movementId: { ...Uuid, description: 'the id of the event that moved the stock' },
  sequence: { ...Sequence, description: 'the order of the movements, as of the events' },
  kind: choice(MOVEMENT_KINDS),
  delta: { ...Change, description: 'the change of `stock`: `onHandDelta` - `reservedDelta`' },
  onHandDelta: { ...Change, description: 'the change of the units on hand' },
  reservedDelta: {
    ...Change,
    description: 'the change of the units that are kept for pending orders',
  },
  stockAfter: { ...Units, description: 'the units that can be bought after the movement' },
  reference: {
    ...nullable(Uuid),
    description:
      'the order; the refund of a `restocked` movement, the event of an adjustment; null for the ' +
      'creation',
  },
  orderId: { ...nullable(Uuid), description: 'the order, if an order moved the stock' },
  reason: { ...nullable(Type.String()), description: 'the reason, if one was given' },
  createdAt: Timestamp,
});

const viewMovement = ({ after, onHand, reserved, ...movement }: RecordedMovement): object => ({
  movementId: movement.eventId,
  sequence: toSequence(movement.position),
  kind: movement.kind,
  delta: onHand - reserved,
  onHandDelta: onHand,
  reservedDelta: reserved,
  stockAfter: after.onHand - after.reserved,
  reference: movement.reference,
  orderId: movement.orderId,
  reason: movement.reason,
  createdAt: movement.time,
});

const Place = Type.Tuple([
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  Units,
  Units,
]);

/** The place of a cursor; undefined when it is not of this list. */
const placeOf = (list: string, cursor: string) => {
  const place = decodeCursor(list, Place, cursor);
  if (place === undefined) return undefined;
  const [upTo, onHand, reserved] = place;
  return { upTo, onHand, reserved };
};

/** Lists every change of a product's stock with what caused it. */
export const movementRoute = (db: Queryable): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/products/:productId/movements',
    operation: 'listStockMovements',
    summary: "List the movements of a product's stock, newest first",
    description:
      'The sum of all `delta` is the stock. A page may have fewer items than `limit`, even none, ' +
      'while `nextCursor` is not null: a request reads a limited part of the journal.',
    tag: 'Products',
    access: ['staff', 'service'],
    params: strictObject({ productId: Uuid }),
    query: strictObject(PageQuery),
    answers: { 200: page(StockMovement) },
    problems: ['product_not_found'],
    handle: async ({ params: { productId }, query, signal }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor } = query;
      const list = `listStockMovements ${productId}`;
      const place = cursor === undefined ? undefined : placeOf(list, cursor);
      if (cursor !== undefined && place === undefined) return invalidCursor;
      const found = await readMovements(db, { productId, limit, place, signal: signal?.() });
      if (found === undefined) return problem(productNotFound([productId]));
      const { movements, next } = found;
      return ok({
        items: movements.map(viewMovement),
        nextCursor:
          next === undefined ? null : encodeCursor(list, [next.upTo, next.onHand, next.reserved]),
      });
    },
  });
