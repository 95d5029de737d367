import { Type, type TProperties } from 'typebox';
import { Amount, Balance, OrderStatus, Timestamp, Uuid, strictObject } from './schemas.ts';

/** The fields of every problem (RFC 9457 §3.1, and `code` and `traceId`). */
export const PROBLEM_FIELDS = {
  type: Type.String({ description: 'the path of the page that explains the problem' }),
  title: Type.String({ description: 'the problem in a few words' }),
  status: Type.Integer({ description: 'the HTTP status' }),
  detail: Type.String({ description: 'what happened and what the caller can do about it' }),
  instance: Type.String({ description: 'the path of the request' }),
  code: Type.String({ description: 'the stable name of the problem' }),
  traceId: Type.String({ description: 'the id of the request, as in `X-Request-Id`' }),
};

/** Names that no member may have: the member would replace a field of every problem. */
type Reserved = Partial<Record<keyof typeof PROBLEM_FIELDS, never>>;

/**
 * A problem that Moa answers (RFC 9457), in `PROBLEMS` by its stable `code`. `members` are the
 * problem's extra fields. The page at `/problems/<kebab-name>` shows the row of the table.
 */
export interface Problem {
  readonly status: number;
  readonly title: string;
  /** What happened and what the caller can do about it: the default `detail` and the page's text. */
  readonly detail: string;
  readonly members?: TProperties & Reserved;
}

const defineProblems = <Table extends Readonly<Record<string, Problem>>>(table: Table): Table =>
  table;

const productIds = (description: string) => Type.Array(Uuid, { description });
const limit = (description: string) => Type.Integer({ minimum: 1, description });
const units = (description: string) => Type.Integer({ minimum: 0, description });
const lines = <Fields extends TProperties>(description: string, fields: Fields) =>
  Type.Array(strictObject({ productId: Uuid, ...fields }), { description });
const amount = (description: string) => ({ ...Amount, description });
const balance = (description: string) => ({ ...Balance, description });
const orderStatus = { ...OrderStatus, description: "the order's current status" };

export const PROBLEMS = defineProblems({
  invalid_request: {
    status: 400,
    title: 'The request is invalid',
    detail:
      'Nothing was changed. Each entry of `errors` names a place in the request by JSON pointer and describes the error there.',
    members: {
      errors: Type.Array(
        strictObject({
          pointer: Type.String({ description: 'a JSON pointer (RFC 6901); empty for the body' }),
          message: Type.String({ description: 'the error, in words' }),
        }),
        { minItems: 1, description: 'the places and their errors' },
      ),
    },
  },
  idempotency_key_missing: {
    status: 400,
    title: 'This operation needs an Idempotency-Key header',
    detail:
      'Send a header `Idempotency-Key` of 1 to 255 printable characters: a new key for each intended effect, and the same key for each retry.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid bearer token is needed',
    detail:
      'Send `Authorization: Bearer <token>` with a token that is signed by a trusted key, names a role and a subject, and has not expired, or with an API key that was not revoked and has not expired. In a browser, sign in: a session counts without the header.',
  },
  sign_in_refused: {
    status: 401,
    title: 'The e-mail address or the password is wrong',
    detail: 'Nobody was signed in. The answer is the same whether or not the address is known.',
  },
  forbidden: {
    status: 403,
    title: 'Your role may not call this operation',
    detail:
      "The token is valid, but the operation, or a parameter of the request, is not open to the token's role.",
  },
  cross_site_request: {
    status: 403,
    title: 'The request does not come from a page of this service',
    detail:
      'Nothing was changed. A session may request an effect only if the browser confirms that a page of the same origin sent the request: by `Sec-Fetch-Site: same-origin` or, without that header, by `Origin`. A client that is not a browser must send a token instead of the cookie.',
  },
  not_found: {
    status: 404,
    title: 'There is nothing at this address',
    detail: 'No operation has this path. The OpenAPI document lists all operations.',
  },
  sign_in_elsewhere: {
    status: 404,
    title: 'Users do not sign in here',
    detail:
      "This installation accepts the tokens of the shop's identity provider. Sign in there and send a token.",
  },
  user_not_found: {
    status: 404,
    title: 'The user does not exist',
    detail: 'The user is not registered, or you have no access to this user.',
  },
  product_not_found: {
    status: 404,
    title: 'A product does not exist',
    detail: 'At least one of the named products does not exist.',
    members: { productIds: productIds('the products that do not exist') },
  },
  order_not_found: {
    status: 404,
    title: 'The order does not exist',
    detail: 'The order does not exist, or you have no access to this order.',
  },
  image_not_found: {
    status: 404,
    title: 'The image does not exist',
    detail: 'No image has this id.',
  },
  destination_not_found: {
    status: 404,
    title: 'The destination does not exist',
    detail: 'No destination has this id, or the destination was deleted.',
  },
  api_key_not_found: {
    status: 404,
    title: 'The API key does not exist',
    detail: 'No API key has this id, or the key was revoked.',
  },
  dead_letter_not_found: {
    status: 404,
    title: 'The dead letter does not exist',
    detail:
      'The destination has no dead letter of this event: the event was delivered, or the dead letter was deleted.',
  },
  leaf_not_found: {
    status: 404,
    title: 'The log does not have the leaf',
    detail:
      'The tree of this size does not have the leaf. An event becomes a leaf within about a second.',
  },
  tile_not_found: {
    status: 404,
    title: 'The log does not have the tile',
    detail: 'The tree has no tile with so many hashes at this level and index.',
  },
  schema_not_found: {
    status: 404,
    title: 'The schema does not exist',
    detail: 'No event type has a schema with this name.',
  },
  problem_not_found: {
    status: 404,
    title: 'The problem does not exist',
    detail: 'No problem has this name.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This address does not support the method',
    detail: 'The header `Allow` lists the supported methods.',
  },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time',
    detail: 'Nothing was changed. Send the whole request again.',
  },
  insufficient_balance: {
    status: 409,
    title: 'The balance is too low',
    detail: 'Nothing was paid. Charge the wallet and send the request again with the same key.',
    members: {
      balance: balance("the wallet's balance"),
      required: amount('the amount that is needed'),
    },
  },
  balance_limit_exceeded: {
    status: 409,
    title: 'The balance would exceed the limit of a wallet',
    detail:
      'Nothing was changed. The balance after the charge or the refund would exceed the limit of a wallet. Refunds may exceed the limit for charges, up to the largest amount.',
    members: { limit: balance('the maximum balance'), balance: balance('the current balance') },
  },
  insufficient_stock: {
    status: 409,
    title: 'There is not enough stock',
    detail: 'Nothing was changed. `items` lists each product with too little stock.',
    members: {
      items: lines('the products with too little stock', {
        requested: Type.Integer({ minimum: 1, description: 'the units of the request' }),
        available: units('the units that can be bought now'),
      }),
    },
  },
  stock_limit_exceeded: {
    status: 409,
    title: 'The stock would exceed the limit of a product',
    detail: 'Nothing was changed. The stock would exceed the largest exact JSON number.',
    members: {
      limit: limit('the maximum stock'),
      productId: { ...Uuid, description: 'the product' },
      stock: units('the units that can be bought now'),
    },
  },
  email_taken: {
    status: 409,
    title: 'Somebody has signed up with this e-mail address',
    detail: 'Nothing was changed. Sign in, or use another address.',
  },
  sku_taken: {
    status: 409,
    title: 'Another product has this SKU',
    detail: 'Nothing was changed. A SKU belongs to one product; `productId` names it.',
    members: { productId: { ...Uuid, description: 'the product that has the SKU' } },
  },
  product_unavailable: {
    status: 409,
    title: 'A product is no longer for sale',
    detail: 'Nothing was changed. At least one of the products is archived.',
    members: { productIds: productIds('the products that are not for sale') },
  },
  total_changed: {
    status: 409,
    title: 'The total is higher than the expected total',
    detail: 'Nothing was ordered. Show the new total to the buyer and ask again.',
    members: {
      expectedTotal: amount('the total that the buyer saw'),
      total: amount('the current total'),
      items: lines('the lines at current prices', {
        name: Type.String(),
        quantity: Type.Integer({ minimum: 1 }),
        unitPrice: Amount,
        lineTotal: Amount,
      }),
    },
  },
  total_limit_exceeded: {
    status: 409,
    title: 'The total exceeds the largest amount',
    detail: 'Nothing was ordered. The total would exceed the largest exact JSON number.',
    members: { limit: amount('the largest amount') },
  },
  cart_empty: {
    status: 409,
    title: 'The cart is empty',
    detail: 'Nothing was ordered. Add a product to the cart first.',
  },
  cart_full: {
    status: 409,
    title: 'The cart is full',
    detail: 'Nothing was added. Remove a product first.',
    members: { limit: limit('the maximum number of different products in a cart') },
  },
  cart_quantity_exceeded: {
    status: 409,
    title: 'The quantity would exceed the limit of a cart line',
    detail: 'Nothing was added. The quantity in the cart would exceed the limit of a line.',
    members: {
      limit: limit('the maximum quantity of one product'),
      quantity: units('the quantity in the cart now'),
    },
  },
  too_many_pending_orders: {
    status: 409,
    title: 'There are too many unpaid orders',
    detail: 'Nothing was reserved. Pay or cancel an order, or wait until an order expires.',
    members: { limit: limit('the maximum number of pending orders of a user') },
  },
  order_not_pending: {
    status: 409,
    title: 'The order is no longer pending',
    detail: 'Nothing was changed. Only a pending order can be paid or cancelled.',
    members: { orderStatus },
  },
  order_expired: {
    status: 409,
    title: 'The order has expired',
    detail: 'Nothing was changed. Its stock is no longer reserved; place a new order.',
    members: { expiresAt: { ...Timestamp, description: 'when the reservation ended' } },
  },
  order_not_paid: {
    status: 409,
    title: 'The order was never paid',
    detail: 'Only a paid order has a receipt. A refunded order keeps its receipt.',
    members: { orderStatus },
  },
  order_not_refundable: {
    status: 409,
    title: 'The order cannot be refunded',
    detail: 'Nothing was refunded. Only a paid order that is not fully refunded can be refunded.',
    members: { orderStatus },
  },
  refund_exceeds_order: {
    status: 409,
    title: 'The refund exceeds the order',
    detail: 'Nothing was refunded. `items` lists each product with too large a quantity.',
    members: {
      items: lines('the products with too large a quantity', {
        requested: Type.Integer({ minimum: 1, description: 'the units of the request' }),
        refundable: units('the units that can still be refunded'),
      }),
    },
  },
  cart_changed: {
    status: 412,
    title: 'The cart was changed meanwhile',
    detail: 'Nothing was changed. Read the cart again; `If-Match` names an older version.',
    members: { version: units("the cart's current version") },
  },
  payload_too_large: {
    status: 413,
    title: 'The body is too large',
    detail: 'Nothing was changed. The body exceeds the limit of this service.',
  },
  uri_too_long: {
    status: 414,
    title: 'The address is too long',
    detail: 'A part of the path exceeds the limit of this service.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The type of the body is not supported',
    detail:
      'Send the body without a `Content-Encoding` as a `Content-Type` that the header `Accept` lists: a file where the operation accepts one, elsewhere `application/json` in UTF-8.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key was used for another request',
    detail:
      'Nothing was changed. The key was used for another operation, path or body. Use a new key.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'Wait for the number of seconds in `Retry-After`.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    detail: 'Nothing was changed. The headers exceed the limit of this service.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong on our side',
    detail:
      'The request failed unexpectedly. It is safe to send it again with the same Idempotency-Key.',
  },
  images_unsupported: {
    status: 501,
    title: 'This installation cannot decode images',
    detail:
      'Nothing was stored. Moa was installed without its optional packages, or the library `sharp` has no package for this platform. Use the address of an image elsewhere.',
  },
  overloaded: {
    status: 503,
    title: 'Too many requests are waiting',
    detail: 'Nothing was changed. Wait for the number of seconds in `Retry-After`.',
  },
  identity_provider_unavailable: {
    status: 503,
    title: 'The identity provider cannot be reached',
    detail: 'Nobody was signed in. Wait for the number of seconds in `Retry-After`.',
  },
  unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    detail:
      'The request may or may not have taken effect. Send it again with the same Idempotency-Key: it takes effect once.',
  },
});

export type ProblemCode = keyof typeof PROBLEMS;

/** A problem's path: `/problems/` and its code in kebab case. */
export const problemPath = (code: ProblemCode): string => `/problems/${code.replaceAll('_', '-')}`;
