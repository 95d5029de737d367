import { Type, type TObject } from 'typebox';
import { AMOUNT_MAX, USER_ID, UUID, choice, nullable, strictObject } from '../../contract/index.ts';
import type { EventType } from './types.ts';

/** The schema of a UUID in lower case. */
export const uuid = (description: string) => Type.String({ pattern: `^${UUID}$`, description });

/** The schema of a time as the deciders write it. */
export const time = (description: string) =>
  Type.String({
    format: 'date-time',
    pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$`,
    description: `${description}; RFC 3339, UTC, with milliseconds`,
  });

/** The schema of a text; lengths in characters. */
export const text = (minLength: number, maxLength: number, description: string) =>
  Type.String({ minLength, maxLength, description });

const whole = (minimum: number, description: string) =>
  Type.Integer({ minimum, maximum: AMOUNT_MAX, description });

const amount = (description: string) => whole(1, `${description}, in the currency's minor unit`);

export const OrderId = uuid('the order');
export const ProductId = uuid('the product');
export const UserId = Type.String({
  pattern: USER_ID.source,
  description: 'the user who owns it',
});
/** Extension "Distributed Tracing" of CloudEvents. */
export const Traceparent = Type.String({
  pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
  description:
    'the request that has caused the event (W3C Trace Context); only if Moa has traced it of late',
});
const Quantity = whole(1, 'the number of units');
const Stock = whole(0, 'the units that can be bought after the event');
const BalanceAfter = whole(0, "the balance after the event, in the currency's minor unit");
const Price = amount('the price of one unit');
const Reason = text(1, 200, 'the reason as it was given');
const Name = text(1, 200, 'the name');
const Description = text(0, 10_000, 'the description');
const ImageUrl = nullable(
  Type.String({ maxLength: 2_000, description: 'a URL, or a path on the site of the shop' }),
);
const Sku = nullable(text(1, 64, "the shop's own number of the product"));
const metadata = (description: string) =>
  Type.Unsafe<Readonly<Record<string, string>>>({
    type: 'object',
    maxProperties: 20,
    additionalProperties: { type: 'string', maxLength: 500 },
    description,
  });
const Metadata = metadata("the shop's own data");
const OrderMetadata = Type.Optional(
  metadata("the client's own names and texts of the order; absent if it gave none"),
);

const Status = choice(['active', 'archived']);

/** An order that ended without a sale. */
const Ended = {
  orderId: OrderId,
  userId: UserId,
  items: Type.Array(strictObject({ productId: ProductId, quantity: Quantity }), { minItems: 1 }),
  total: amount('the total of the order'),
  metadata: OrderMetadata,
};

/**
 * The data of each event type as stored in the journal. Strict, so that a field without a
 * description is noticed here.
 */
export const EVENT_SCHEMAS = {
  'order.paid.v1': strictObject({
    orderId: OrderId,
    userId: UserId,
    items: Type.Array(
      strictObject({
        productId: ProductId,
        name: text(1, 200, 'the name at the time of the order'),
        quantity: Quantity,
        unitPrice: amount('the price of one unit at the time of the order'),
        lineTotal: amount('quantity × unitPrice'),
      }),
      { minItems: 1, description: 'each product once' },
    ),
    total: amount('the sum of the lines, which the wallet paid'),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
    createdAt: time('the time of the order'),
    paidAt: time('the time of the payment'),
    metadata: OrderMetadata,
  }),
  'order.cancelled.v1': strictObject({ ...Ended, reason: Type.Optional(Reason) }),
  'order.expired.v1': strictObject(Ended),
  'order.refunded.v1': strictObject({
    refundId: uuid('the refund'),
    orderId: OrderId,
    userId: UserId,
    items: Type.Array(
      strictObject({
        productId: ProductId,
        quantity: Quantity,
        amount: amount('the price of these units'),
        isWhole: Type.Boolean({
          description: 'whether no unit of this product is left on the order',
        }),
      }),
      { minItems: 1, description: 'the refunded units, each product once' },
    ),
    amount: amount('the sum of the items, paid back to the wallet'),
    restock: Type.Boolean({ description: 'whether the units can be sold again' }),
    reason: Type.Optional(Reason),
    paidAt: time('the time when the order was paid, which identifies the reversed sale'),
    metadata: OrderMetadata,
  }),
  'wallet.charged.v1': strictObject({
    userId: UserId,
    chargeId: uuid('the charge'),
    amount: amount('the charged amount'),
    balance: BalanceAfter,
  }),
  'wallet.withdrawn.v1': strictObject({
    userId: UserId,
    withdrawalId: uuid('the withdrawal'),
    amount: amount('the amount paid out'),
    balance: BalanceAfter,
  }),
  'stock.adjusted.v1': strictObject({
    productId: ProductId,
    delta: whole(-AMOUNT_MAX, 'the units added; negative for units removed'),
    reason: Reason,
    stock: Stock,
  }),
  'product.created.v1': strictObject({
    productId: ProductId,
    name: Name,
    description: Description,
    price: Price,
    imageUrl: ImageUrl,
    stock: Stock,
    sku: Type.Optional(Sku),
    metadata: Type.Optional(Metadata),
  }),
  'product.changed.v1': strictObject({
    productId: ProductId,
    name: Type.Optional(Name),
    description: Type.Optional(Description),
    price: Type.Optional(Price),
    imageUrl: Type.Optional(ImageUrl),
    sku: Type.Optional(Sku),
    metadata: Type.Optional(Metadata),
    status: Type.Optional(Status),
    product: Type.Optional(
      Type.Object(
        {
          name: Name,
          description: Description,
          price: Price,
          imageUrl: ImageUrl,
          sku: Sku,
          metadata: Metadata,
          status: Status,
        },
        {
          additionalProperties: false,
          description:
            'the whole product after the event; absent in events that an earlier version has recorded',
        },
      ),
    ),
  }),
} as const satisfies Record<EventType, TObject>;
