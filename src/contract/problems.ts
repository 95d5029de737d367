/**
 * Every problem that Moa answers, by its stable `code` (RFC 9457). `members` are the extra fields
 * that the problem carries; the page at `/problems/<kebab-name>` is made from this table.
 */
export interface Problem {
  readonly status: number;
  readonly title: string;
  /** What happened and what the caller can do about it: the default `detail` and the page's text. */
  readonly detail: string;
  readonly members?: Readonly<Record<string, string>>;
}

const defineProblems = <Code extends string>(
  table: Record<Code, Problem>,
): Readonly<Record<Code, Problem>> => table;

export const PROBLEMS = defineProblems({
  invalid_request: {
    status: 400,
    title: 'The request does not have the form that this operation expects',
    detail:
      'Nothing was changed. Each entry of `errors` names a place in the request by JSON pointer and says what is wrong there.',
    members: { errors: 'the places and what is wrong there: `[{ pointer, message }]`' },
  },
  idempotency_key_missing: {
    status: 400,
    title: 'This operation needs an Idempotency-Key header',
    detail:
      'Send a header `Idempotency-Key` of 1 to 255 printable characters, a new one for each intended effect and the same one for each retry of it.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid bearer token is needed',
    detail:
      'Send `Authorization: Bearer <token>` with a token that is signed by a trusted key, names a role and a subject, and has not expired.',
  },
  forbidden: {
    status: 403,
    title: 'Your role may not do this',
    detail: 'The token is valid, but its role may never call this operation.',
  },
  not_found: {
    status: 404,
    title: 'There is nothing at this address',
    detail: 'No operation has this path. The OpenAPI document lists those that exist.',
  },
  user_not_found: {
    status: 404,
    title: 'There is no such user',
    detail: 'The user is not registered, or is not yours to see.',
  },
  product_not_found: {
    status: 404,
    title: 'There is no such product',
    detail: 'At least one of the products named does not exist.',
    members: { productIds: 'the products that do not exist' },
  },
  order_not_found: {
    status: 404,
    title: 'There is no such order',
    detail: 'The order does not exist, or is not yours to see.',
  },
  destination_not_found: {
    status: 404,
    title: 'There is no such destination',
    detail: 'No destination has this id, or it was deleted.',
  },
  problem_not_found: {
    status: 404,
    title: 'There is no such problem',
    detail: 'No problem has this name.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This address does not take that method',
    detail: 'The header `Allow` lists the methods that it takes.',
  },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time',
    detail: 'Nothing was changed. Send the whole request again.',
  },
  insufficient_balance: {
    status: 409,
    title: 'The balance is too low',
    detail: 'Nothing was taken. Charge the wallet and try again with the same key.',
    members: { balance: 'what the wallet holds', required: 'what is needed' },
  },
  balance_limit_exceeded: {
    status: 409,
    title: 'The wallet may not hold that much',
    detail: 'Nothing was charged. The balance after the charge would exceed the limit of a wallet.',
    members: { limit: 'the most a wallet may hold', balance: 'what it holds now' },
  },
  insufficient_stock: {
    status: 409,
    title: 'There is not enough stock',
    detail: 'Nothing was changed. `items` lists each product that falls short.',
    members: { items: 'the products that fall short: `[{ productId, requested, available }]`' },
  },
  stock_limit_exceeded: {
    status: 409,
    title: 'A product may not have that much stock',
    detail: 'Nothing was changed. The stock would exceed what a JSON number holds exactly.',
    members: { limit: 'the most a product may have', stock: 'what can be bought now' },
  },
  product_unavailable: {
    status: 409,
    title: 'A product is no longer for sale',
    detail: 'Nothing was changed. At least one of the products is archived.',
    members: { productIds: 'the products that are not for sale' },
  },
  total_changed: {
    status: 409,
    title: 'The total is higher than the one you expected',
    detail: 'Nothing was ordered. Show the new total to the buyer and ask again.',
    members: {
      expectedTotal: 'the total that the buyer saw',
      total: 'the total now',
      items: 'the lines at their prices now: `[{ productId, quantity, unitPrice, lineTotal }]`',
    },
  },
  total_limit_exceeded: {
    status: 409,
    title: 'The total is larger than any amount can be',
    detail: 'Nothing was ordered. The total would exceed what a JSON number holds exactly.',
    members: { limit: 'the largest amount' },
  },
  cart_empty: {
    status: 409,
    title: 'The cart is empty',
    detail: 'There is nothing in the cart to order.',
  },
  cart_full: {
    status: 409,
    title: 'The cart holds no more products',
    detail: 'Nothing was added. Remove a product first.',
    members: { limit: 'how many different products a cart holds' },
  },
  cart_quantity_exceeded: {
    status: 409,
    title: 'The cart holds no more of this product',
    detail: 'Nothing was added. The quantity in the cart would exceed the limit of a line.',
    members: { limit: 'the most of one product', quantity: 'how many are in the cart now' },
  },
  too_many_pending_orders: {
    status: 409,
    title: 'There are too many unpaid orders',
    detail: 'Nothing was reserved. Pay or cancel an order, or wait until one expires.',
    members: { limit: 'how many pending orders a user may have' },
  },
  order_not_pending: {
    status: 409,
    title: 'The order is no longer pending',
    detail: 'Nothing was changed. Only a pending order can be paid or cancelled.',
    members: { status: 'what the order is now' },
  },
  order_expired: {
    status: 409,
    title: 'The order has expired',
    detail: 'Nothing was changed. Its stock is no longer reserved; place a new order.',
    members: { expiresAt: 'when the reservation ended' },
  },
  order_not_refundable: {
    status: 409,
    title: 'The order cannot be refunded',
    detail: 'Nothing was refunded. Only a paid order that is not refunded in full can be.',
    members: { status: 'what the order is now' },
  },
  refund_exceeds_order: {
    status: 409,
    title: 'The refund is more than the order',
    detail: 'Nothing was refunded. `items` lists what cannot be refunded in that quantity.',
    members: { items: 'the products: `[{ productId, requested, refundable }]`' },
  },
  cart_changed: {
    status: 412,
    title: 'The cart was changed meanwhile',
    detail: 'Nothing was changed. Read the cart again; `If-Match` names an older version.',
    members: { version: "the cart's version now" },
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
    title: 'The body is not plain JSON',
    detail:
      'Send the body as `Content-Type: application/json` in UTF-8, without a `Content-Encoding`.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key was used for another request',
    detail:
      'Nothing was changed. The key already stands for an effect with another operation, path or body. Use a new key.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'Wait for the number of seconds in `Retry-After`.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    detail: 'The request was not read.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong on our side',
    detail:
      'The request failed in a way that nobody expected. It is safe to send it again with the same Idempotency-Key.',
  },
  overloaded: {
    status: 503,
    title: 'Too many requests are waiting',
    detail: 'Nothing was changed. Wait for the number of seconds in `Retry-After`.',
  },
  unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    detail:
      'It is not known whether the request took effect. Send it again with the same Idempotency-Key: it will take effect once.',
  },
});

export type ProblemCode = keyof typeof PROBLEMS;

/** A problem's path: `/problems/` and its code in kebab case. */
export const problemPath = (code: ProblemCode): string => `/problems/${code.replaceAll('_', '-')}`;
