import { Type, type TObject, type TString } from 'typebox';
import { AMOUNT_MAX, nullable, strictObject } from '../contract/index.ts';

/** The types of the journal that are sent. Their names outside begin with `TYPE_PREFIX`. */
export const EVENT_TYPES = [
  'order.paid.v1',
  'order.cancelled.v1',
  'order.expired.v1',
  'order.refunded.v1',
  'wallet.charged.v1',
  'wallet.withdrawn.v1',
  'stock.adjusted.v1',
  'product.created.v1',
  'product.changed.v1',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/**
 * The types that stay inside: an order that is only placed may still come to nothing, an open
 * wallet has no money yet, and carts are their owners' notes.
 */
export const UNSENT_TYPES = [
  'wallet.opened.v1',
  'order.placed.v1',
  'cart.item_set.v1',
  'cart.item_removed.v1',
  'cart.cleared.v1',
] as const;

/** Comes before every type that is sent, so that it is unique among the types of other sources. */
export const TYPE_PREFIX = 'moa.';

const uuid = (description: string) =>
  Type.String({
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
    description,
  });

const time = (description: string) =>
  Type.String({
    format: 'date-time',
    pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$`,
    description: `${description}; RFC 3339, UTC, with milliseconds`,
  });

const text = (minLength: number, maxLength: number, description: string) =>
  Type.String({ minLength, maxLength, description });

const whole = (minimum: number, description: string) =>
  Type.Integer({ minimum, maximum: AMOUNT_MAX, description });

const amount = (description: string) => whole(1, `${description}, in the currency's minor unit`);

const OrderId = uuid('the order');
const ProductId = uuid('the product');
const UserId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'whose it is' });
const Quantity = whole(1, 'how many units');
const Stock = whole(0, 'what can be bought after it');
const BalanceAfter = whole(0, "what the wallet holds after it, in the currency's minor unit");
const Price = amount('the price of one unit');
const Reason = text(1, 200, 'why, as it was told');
const Name = text(1, 200, 'what it is called');
const Description = text(0, 10_000, 'what its page says');
const ImageUrl = nullable(
  Type.String({ maxLength: 2_000, description: 'an address, or a path on the site of the shop' }),
);

/** An order that ended without a sale. */
const Ended = {
  orderId: OrderId,
  userId: UserId,
  items: Type.Array(strictObject({ productId: ProductId, quantity: Quantity }), { minItems: 1 }),
  total: amount('what it would have cost'),
};

/**
 * What an event of each type says, as the journal has it: strict, so that a field which nobody
 * described is noticed here.
 */
export const EVENT_SCHEMAS = {
  'order.paid.v1': strictObject({
    orderId: OrderId,
    userId: UserId,
    items: Type.Array(
      strictObject({
        productId: ProductId,
        name: text(1, 200, 'what the product was called when it was ordered'),
        quantity: Quantity,
        unitPrice: amount('the price of one unit when it was ordered'),
        lineTotal: amount('quantity × unitPrice'),
      }),
      { minItems: 1, description: 'each product once' },
    ),
    total: amount('the sum of the lines, which the wallet paid'),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
    createdAt: time('when it was ordered'),
    paidAt: time('when it was paid'),
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
        amount: amount('what these units cost'),
        isWhole: Type.Boolean({
          description: 'whether no unit of this product is left on the order',
        }),
      }),
      { minItems: 1, description: 'what was given back, each product once' },
    ),
    amount: amount('the sum of the items, which the wallet got back'),
    restock: Type.Boolean({ description: 'whether the units are for sale again' }),
    reason: Type.Optional(Reason),
    paidAt: time('when the order was paid: the sale that this takes back'),
  }),
  'wallet.charged.v1': strictObject({
    userId: UserId,
    chargeId: uuid('the charge'),
    amount: amount('what was put in'),
    balance: BalanceAfter,
  }),
  'wallet.withdrawn.v1': strictObject({
    userId: UserId,
    withdrawalId: uuid('the withdrawal'),
    amount: amount('what was paid out'),
    balance: BalanceAfter,
  }),
  'stock.adjusted.v1': strictObject({
    productId: ProductId,
    delta: whole(-AMOUNT_MAX, 'units added; below zero for units taken away'),
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
  }),
  'product.changed.v1': strictObject({
    productId: ProductId,
    name: Type.Optional(Name),
    description: Type.Optional(Description),
    price: Type.Optional(Price),
    imageUrl: Type.Optional(ImageUrl),
    status: Type.Optional(Type.Enum(['active', 'archived'])),
  }),
} as const satisfies Record<EventType, TObject>;

interface About {
  readonly title: string;
  readonly description: string;
  readonly subject: TString;
}

const ABOUT: Record<EventType, About> = {
  'order.paid.v1': {
    title: 'An order was paid',
    description:
      "It is paid from its owner's wallet, in one step or after it was placed; its units are sold.",
    subject: OrderId,
  },
  'order.cancelled.v1': {
    title: 'An order was cancelled',
    description: 'A pending order was given up before it was paid; its units are for sale again.',
    subject: OrderId,
  },
  'order.expired.v1': {
    title: 'An order has expired',
    description: 'A pending order was not paid in time; its units are for sale again.',
    subject: OrderId,
  },
  'order.refunded.v1': {
    title: 'An order was refunded, in whole or in part',
    description:
      "Units of a paid order were given back and their price went to its owner's wallet. An order " +
      'may be refunded in several parts, each with an event of its own.',
    subject: OrderId,
  },
  'wallet.charged.v1': {
    title: 'A wallet was charged',
    description: 'Money was put into a wallet from outside.',
    subject: UserId,
  },
  'wallet.withdrawn.v1': {
    title: 'Money was withdrawn from a wallet',
    description: 'Money was paid out of a wallet to the outside.',
    subject: UserId,
  },
  'stock.adjusted.v1': {
    title: 'The stock of a product was adjusted',
    description:
      'Units were added or taken away by staff. Sales, reservations and refunds are not adjustments.',
    subject: ProductId,
  },
  'product.created.v1': {
    title: 'A product was created',
    description: 'It is for sale from now on.',
    subject: ProductId,
  },
  'product.changed.v1': {
    title: 'A product was changed',
    description:
      'It has the fields that were set, changed or not. Orders keep the name and price they were made at.',
    subject: ProductId,
  },
};

/**
 * The JSON Schema (2020-12) of a whole event of a type as it is sent: CloudEvents 1.0, JSON format.
 * Other than `EVENT_SCHEMAS` it allows unknown fields everywhere: a consumer that validates with it
 * must keep working when a field is added.
 */
export const contractOf = (type: EventType): object => {
  const { title, description, subject } = ABOUT[type];
  const schema = Type.Object({
    specversion: Type.Literal('1.0'),
    id: uuid('the event: the same however often it is sent, and unique for ever'),
    source: Type.Literal('/moa'),
    type: Type.Literal(`${TYPE_PREFIX}${type}`),
    subject,
    time: time('when it happened'),
    datacontenttype: Type.Literal('application/json'),
    data: EVENT_SCHEMAS[type],
  });
  const about = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:moa:event:${TYPE_PREFIX}${type}`,
    title,
    description,
  };
  const opened = JSON.stringify({ ...about, ...schema }, (key, value: unknown) =>
    key === 'additionalProperties' ? undefined : value,
  );
  return JSON.parse(opened) as object;
};
