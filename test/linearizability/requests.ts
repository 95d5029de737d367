import type { Answer } from '../support/client.ts';

/** A balance, the units that can be bought, or the status of an order. */
export type Value = number | string;
export type Body = Answer['body'];

/** What a request does to one wallet, one product or one order. */
export interface Part {
  readonly key: string;
  /** The value after the request; undefined if the value refuses it. */
  readonly next: (value: Value) => Value | undefined;
  /** The code of that refusal. */
  readonly code?: string;
  /** The value that led to the refusal, by its members. */
  readonly seen?: (members: Body) => unknown;
  /** The value after the request, by the answer; undefined if the answer does not tell. */
  readonly told?: (body: Body) => unknown;
}

/** A request and its rules: all parts take effect at once, or the first that cannot refuses. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly parts: readonly Part[];
  /** The order that it makes, whose id only the answer tells. */
  readonly makes?: OrderLine;
}

export interface OrderLine {
  readonly userId: string;
  readonly productId: string;
  readonly quantity: number;
}

/** An order of one line, as its request and its answer tell. */
export interface KnownOrder extends OrderLine {
  readonly orderId: string;
}

export const PRICE = 100;
/** The value of an order that was not placed yet. */
export const NONE = 'none';

const walletOf = (userId: string): string => `wallet ${userId}`;
const stockOf = (productId: string): string => `stock ${productId}`;
const orderOf = (orderId: string): string => `order ${orderId}`;

const same = (value: Value): Value => value;
const balanceIn = ({ balance }: Body): unknown => balance;
const stockIn = ({ stock }: Body): unknown => stock;
const statusIn = ({ status }: Body): unknown => status;

/** Adds to a value, which must stay between zero and `most`. */
const add =
  (change: number, most = Infinity) =>
  (value: Value): number | undefined => {
    const after = Number(value) + change;
    return after < 0 || after > most ? undefined : after;
  };

const spend = (userId: string, amount: number): Part => ({
  key: walletOf(userId),
  next: add(-amount),
  code: 'insufficient_balance',
  seen: balanceIn,
  told: balanceIn,
});

const take = (productId: string, quantity: number): Part => ({
  key: stockOf(productId),
  next: add(-quantity),
  code: 'insufficient_stock',
  seen: ({ items }: { items?: readonly { readonly available: number }[] }) => items?.[0]?.available,
});

const move = (orderId: string, from: string, to: string, code?: string): Part => ({
  key: orderOf(orderId),
  next: (status) => (status === from ? to : undefined),
  ...(code === undefined ? {} : { code, seen: ({ orderStatus }) => orderStatus }),
});

const post = (path: string, body: object, ...parts: Part[]): Request => ({
  method: 'POST',
  path,
  body,
  parts,
});
const get = (path: string, part: Part): Request => ({ method: 'GET', path, parts: [part] });

export const readWallet = (userId: string): Request =>
  get(`/v1/users/${userId}/wallet`, { key: walletOf(userId), next: same, told: balanceIn });

export const readProduct = (productId: string): Request =>
  get(`/v1/products/${productId}`, { key: stockOf(productId), next: same, told: stockIn });

export const readOrder = ({ orderId }: KnownOrder): Request =>
  get(`/v1/orders/${orderId}`, { key: orderOf(orderId), next: same, told: statusIn });

export const charge = (userId: string, amount: number, balanceMax: number): Request =>
  post(
    `/v1/users/${userId}/wallet/charges`,
    { amount },
    {
      ...spend(userId, -amount),
      next: add(amount, balanceMax),
      code: 'balance_limit_exceeded',
    },
  );

export const withdraw = (userId: string, amount: number): Request =>
  post(`/v1/users/${userId}/wallet/withdrawals`, { amount }, spend(userId, amount));

export const adjustStock = (productId: string, delta: number): Request =>
  post(
    `/v1/products/${productId}/stock-adjustments`,
    { delta, reason: 'count' },
    { ...take(productId, -delta), told: stockIn },
  );

const makeOrder = (path: string, makes: OrderLine, ...parts: Part[]): Request => {
  const { userId, productId, quantity } = makes;
  const body = { userId, items: [{ productId, quantity }] };
  return { ...post(path, body, take(productId, quantity), ...parts), makes };
};

export const checkOut = (line: OrderLine): Request =>
  makeOrder('/v1/checkout', line, spend(line.userId, line.quantity * PRICE));

export const place = (line: OrderLine): Request => makeOrder('/v1/orders', line);

/** A checkout or a placement with the order that it made, once the answer has told its id. */
export const withOrder = (request: Request, orderId: string, status: string): Request => ({
  ...request,
  parts: [...request.parts, move(orderId, NONE, status)],
});

export const pay = ({ orderId, userId, quantity }: KnownOrder): Request =>
  post(
    `/v1/orders/${orderId}/payment`,
    {},
    { ...move(orderId, 'pending', 'paid', 'order_not_pending'), told: statusIn },
    spend(userId, quantity * PRICE),
  );

export const cancel = ({ orderId, productId, quantity }: KnownOrder): Request =>
  post(
    `/v1/orders/${orderId}/cancellation`,
    {},
    { ...move(orderId, 'pending', 'cancelled', 'order_not_pending'), told: statusIn },
    take(productId, -quantity),
  );

export const refund = ({ orderId, userId, productId, quantity }: KnownOrder): Request =>
  post(
    `/v1/orders/${orderId}/refunds`,
    { restock: true },
    move(orderId, 'paid', 'refunded', 'order_not_refundable'),
    spend(userId, -quantity * PRICE),
    take(productId, -quantity),
  );
