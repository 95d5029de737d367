import { Type, type TObject, type TString } from 'typebox';
import { AMOUNT_MAX, nullable, strictObject } from '../contract/index.ts';

/** The event types that are sent. Sent names begin with `TYPE_PREFIX`. */
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
 * The event types that are not sent: a placed order may still end without a sale, a new wallet has
 * no money, and carts are private.
 */
export const UNSENT_TYPES = [
  'wallet.opened.v1',
  'order.placed.v1',
  'cart.item_set.v1',
  'cart.item_removed.v1',
  'cart.cleared.v1',
] as const;

/** The prefix of every sent type, so that it is unique among the types of other sources. */
export const TYPE_PREFIX = 'moa.';

/** The type as it is sent. */
export const sentType = (type: string): string => TYPE_PREFIX + type;

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
const UserId = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,64}$',
  description: 'the user who owns it',
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
const Metadata = Type.Unsafe<Record<string, string>>({
  type: 'object',
  maxProperties: 20,
  additionalProperties: { type: 'string', maxLength: 500 },
  description: "the shop's own data",
});

const OrderMetadata = Type.Optional(
  Type.Unsafe<Readonly<Record<string, string>>>(
    Type.Object(
      {},
      {
        additionalProperties: text(0, 500, 'a text'),
        maxProperties: 20,
        description: "the client's own names and texts of the order; absent if it gave none",
      },
    ),
  ),
);

const Status = Type.Enum(['active', 'archived']);

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

interface About {
  readonly title: string;
  readonly description: string;
  readonly subject: TString;
}

const ABOUT: Record<EventType, About> = {
  'order.paid.v1': {
    title: 'An order was paid',
    description:
      "The order was paid from its owner's wallet, at once or later; its units are sold.",
    subject: OrderId,
  },
  'order.cancelled.v1': {
    title: 'An order was cancelled',
    description: 'A pending order was cancelled; its units can be sold again.',
    subject: OrderId,
  },
  'order.expired.v1': {
    title: 'An order has expired',
    description: 'A pending order was not paid in time; its units can be sold again.',
    subject: OrderId,
  },
  'order.refunded.v1': {
    title: 'An order was refunded, in whole or in part',
    description:
      "Units of a paid order were refunded; their price was paid to its owner's wallet. An order " +
      'may be refunded in several parts; each part has an event.',
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
      'Staff added or removed units. Sales, reservations and refunds are not adjustments.',
    subject: ProductId,
  },
  'product.created.v1': {
    title: 'A product was created',
    description: 'The product can be bought from now on.',
    subject: ProductId,
  },
  'product.changed.v1': {
    title: 'A product was changed',
    description:
      'The data has the fields of the request, also unchanged ones, and the whole product as it ' +
      'then was. Existing orders keep their name and price.',
    subject: ProductId,
  },
};

/** The width of the largest position, a `bigint`. */
export const SEQUENCE_WIDTH = 19;

/** The path at which the service serves the schema of an event's data. */
export const schemaPath = (sent: string): string => `/schemas/events/${sent}.json`;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * A schema that allows unknown fields everywhere: a consumer that validates with it must keep
 * working when a field is added.
 */
const open = (schema: object): object => {
  const opened = JSON.stringify(schema, (key, value: unknown) =>
    key === 'additionalProperties' && value === false ? undefined : value,
  );
  return JSON.parse(opened) as object;
};

/** The published JSON Schema (2020-12) of the data of a type; allows unknown fields. */
export const dataContractOf = (type: EventType): object => {
  const { title, description } = ABOUT[type];
  return open({ $schema: DIALECT, title, description, ...EVENT_SCHEMAS[type] });
};

/**
 * The published JSON Schema (2020-12) of a whole sent event of a type: CloudEvents 1.0, JSON
 * format. Allows unknown fields.
 */
export const contractOf = (type: EventType): object => {
  const { title, description, subject } = ABOUT[type];
  const sent = sentType(type);
  const schema = Type.Object({
    specversion: Type.Literal('1.0'),
    id: uuid('the event; unique, and the same in every attempt'),
    source: text(1, 500, 'the installation of Moa, a URI-reference'),
    type: Type.Literal(sent),
    subject,
    time: time('the time of the event'),
    sequence: Type.String({
      pattern: `^\\d{${SEQUENCE_WIDTH}}$`,
      description:
        'the order of the events of a source: a later event of a subject has a greater text',
    }),
    partitionkey: { ...subject, description: 'the subject' },
    datacontenttype: Type.Literal('application/json'),
    dataschema: Type.String({
      pattern: `^https?://.*${schemaPath(sent).replaceAll('.', String.raw`\.`)}$`,
      description: 'the address of the schema of `data`',
    }),
    data: EVENT_SCHEMAS[type],
  });
  const about = { $schema: DIALECT, $id: `urn:moa:event:${sent}`, title, description };
  return open({ ...about, ...schema });
};
