import { Type, type TSchema } from 'typebox';
import { ProductStatus, Stock } from '../catalog/index.ts';
import { Amount, Balance, Timestamp, UserId, Uuid, named, nullable } from '../contract/index.ts';
import { OrderView } from '../order/index.ts';

const Count = Type.Integer({ minimum: 0 });

/** The data of each event of the stream. */
const EVENTS: Readonly<Record<string, TSchema>> = {
  stock: named('StockState', {
    productId: Uuid,
    stock: Stock,
    price: Amount,
    status: ProductStatus,
  }),
  order: OrderView,
  orders: named('NewestOrders', {
    items: Type.Array(OrderView),
    resumed: Type.Boolean({
      description:
        'whether every order that changed after the last id was sent; if false, a client that ' +
        'shows older orders reads them again',
    }),
  }),
  wallet: named('WalletState', {
    userId: UserId,
    balance: Balance,
    currency: Type.String(),
    updatedAt: Timestamp,
  }),
  operations: named('Operations', {
    ordersPerMinute: Count,
    unitsPerMinute: {
      ...Count,
      description: 'units of the orders that were paid in the last minute, without refunded ones',
    },
    refusalsPerMinute: { ...Count, description: 'refused commands of the answering process' },
    refusals: Type.Array(
      named('RefusalCount', {
        code: Type.String({ description: 'the `code` of a problem' }),
        count: Type.Integer({ minimum: 1 }),
      }),
      { description: 'the refused commands by the reason, the most frequent first' },
    ),
    queueLength: { ...Count, description: 'waiting commands of the answering process' },
    commitP99Ms: nullable(
      Type.Number({
        minimum: 0,
        description:
          '99 of 100 transactions of the last minute took at most this long; of the answering ' +
          'process, null without transactions',
      }),
    ),
    deliveryLagSeconds: Type.Number({
      minimum: 0,
      description: 'the age of the oldest event that a destination has not received',
    }),
  }),
};

/** The body of a stream; `x-events` has the schema of the data of each event. */
export const EventStream = Type.String({
  description:
    'Events in the format of the HTML Standard; `data` is one line of JSON. The data of ' +
    '`best-sellers` is the answer of `GET /v1/best-sellers`, the data of the other events is in ' +
    '`x-events`.',
  'x-events': EVENTS,
});

/** What a client of the stream can rely on. */
export const DESCRIPTION = [
  '`products` names up to 100 products, `topics` what else is sent; without both, the topic is ' +
    '`best-sellers`, whose items have the stock. `products` and `best-sellers` ' +
    'need no token, `orders` and `wallet` are those of the calling customer, `operations` is for ' +
    'staff. The `EventSource` of browsers cannot send a token; a page reads private topics with `fetch`.',
  'Events: `stock` (availability, price or status of a product), `best-sellers`, `order` (an order ' +
    'after it was placed, paid, cancelled, expired or refunded), `orders` (the 20 newest orders), ' +
    '`wallet`, `operations`.',
  'A stream begins with the current state of each topic: a `stock` for each product, `wallet`, ' +
    '`orders`, and soon `best-sellers` and `operations`. Then it sends changes, of every process. An ' +
    'event has the state when it was sent, so quick changes of one thing may be one event, and an ' +
    'event may repeat a state; a state never comes after a newer one. `best-sellers` and `operations` ' +
    'come at most once a second.',
  'An `id` is a position in the journal. The last of several events has the id. A client that connects ' +
    'again with `Last-Event-ID` (or `lastEventId`) also gets an `order` for each older order that ' +
    'changed after the id, unless the id is too old or more than 20 such orders changed: then ' +
    '`resumed` in `orders` is false. After the first events, a client has missed no state.',
  'The server ends a stream when the client reads too slowly, within two seconds after the token has ' +
    'expired or was revoked, and when the process stops. The client then connects again after `retry` ' +
    'milliseconds. A comment every 15 seconds keeps the connection open.',
].join('\n\n');
