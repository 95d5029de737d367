// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  batch,
  column,
  many,
  nullableElement,
  one,
  plainElement,
  textElement,
  timeElement,
  toDate,
  toSafeInteger,
  uuidElement,
} from '../database/statement.ts';

export const insertOrders = batch<{
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
  readonly total: number;
  readonly refundedTotal: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
}>({
  name: 'order.InsertOrders',
  text: `insert into orders.orders
  (order_id, user_id, status, total, refunded_total, created_at, expires_at, paid_at)
select * from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[],
  $6::timestamptz[], $7::timestamptz[], $8::timestamptz[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.orderId, uuidElement),
    column(rows, (row) => row.userId, textElement),
    column(rows, (row) => row.status, textElement),
    column(rows, (row) => row.total, plainElement),
    column(rows, (row) => row.refundedTotal, plainElement),
    column(rows, (row) => row.createdAt, timeElement),
    column(rows, (row) => row.expiresAt, nullableElement(timeElement)),
    column(rows, (row) => row.paidAt, nullableElement(timeElement)),
  ],
});

export const insertLines = batch<{
  readonly orderId: string;
  readonly line: number;
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly refundedQuantity: number;
}>({
  name: 'order.InsertLines',
  text: `insert into orders.lines
  (order_id, line, product_id, name, quantity, unit_price, refunded_quantity)
select * from unnest(
  $1::uuid[], $2::smallint[], $3::uuid[], $4::text[], $5::bigint[],
  $6::bigint[], $7::bigint[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.orderId, uuidElement),
    column(rows, (row) => row.line, plainElement),
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.name, textElement),
    column(rows, (row) => row.quantity, plainElement),
    column(rows, (row) => row.unitPrice, plainElement),
    column(rows, (row) => row.refundedQuantity, plainElement),
  ],
});

export interface FindOrderRow {
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
  readonly total: number;
  readonly refundedTotal: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
}

export const findOrder = one<{ readonly orderId: string }, FindOrderRow>({
  name: 'order.FindOrder',
  text: `select order_id, user_id, status, total, refunded_total, created_at, expires_at, paid_at
from orders.orders
where order_id = $1`,
  encode: (params) => [params.orderId],
  decode: (r) => ({
    orderId: r[0]!,
    userId: r[1]!,
    status: r[2]!,
    total: toSafeInteger(r[3]!),
    refundedTotal: toSafeInteger(r[4]!),
    createdAt: toDate(r[5]!),
    expiresAt: r[6] === null ? null : toDate(r[6]!),
    paidAt: r[7] === null ? null : toDate(r[7]!),
  }),
});

export interface FindLinesRow {
  readonly orderId: string;
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly refundedQuantity: number;
}

export const findLines = many<{ readonly orderIds: readonly string[] }, FindLinesRow>({
  name: 'order.FindLines',
  text: `select order_id, product_id, name, quantity, unit_price, refunded_quantity
from orders.lines
where order_id = any($1::uuid[])
order by order_id, line`,
  encode: (params) => [arrayOf(params.orderIds, uuidElement)],
  decode: (r) => ({
    orderId: r[0]!,
    productId: r[1]!,
    name: r[2]!,
    quantity: toSafeInteger(r[3]!),
    unitPrice: toSafeInteger(r[4]!),
    refundedQuantity: toSafeInteger(r[5]!),
  }),
});
