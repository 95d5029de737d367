import { Type, type Static, type TSchema } from 'typebox';
import {
  isUnanswered,
  lock,
  serverKey,
  settleAnswer,
  type Decision,
  type GroupCommit,
  type IdempotencyKey,
  type Lock,
  type Rows,
} from '../commit/index.ts';
import {
  Amount,
  Balance,
  Timestamp,
  UserId,
  Uuid,
  defineRoute,
  idempotencyKeyOf,
  invalid,
  named,
  nullable,
  problem,
  replyTo,
  strictObject,
  type ProblemCode,
  type Refusal,
  type Reply,
  type Route,
  type RouteRequest,
} from '../contract/index.ts';
import { Stock, products } from '../catalog/index.ts';
import { createRowLoader } from '../database/loader.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event } from '../journal/index.ts';
import { userNotFound, wallets } from '../wallet/index.ts';
import {
  LINES_MAX,
  QUANTITY_MAX,
  decideAdd,
  decideClear,
  decideRemove,
  decideSet,
  type CartInput,
} from './change.ts';
import { etagOf, parseIfMatch } from './if-match.ts';
import { findCarts } from './queries.gen.ts';
import { cartOfRow, carts } from './tables.ts';
import { LineStatus, viewCart, type CartProduct } from './view.ts';

const Quantity = Type.Integer({ minimum: 1, maximum: QUANTITY_MAX });

const CartView = named('Cart', {
  userId: UserId,
  version: Type.Integer({ minimum: 0, description: 'grows with every change; the `ETag`' }),
  items: Type.Array(
    named('CartLine', {
      productId: Uuid,
      name: Type.String(),
      imageUrl: nullable(Type.String()),
      quantity: Quantity,
      price: Amount,
      priceWhenAdded: Amount,
      stock: Stock,
      status: LineStatus,
      lineTotal: {
        ...Amount,
        description:
          'quantity × price; the largest amount instead of a larger one, with the status ' +
          '`total_limit_exceeded`',
      },
      addedAt: Timestamp,
    }),
    { maxItems: LINES_MAX },
  ),
  total: {
    ...Balance,
    description:
      'the sum of the lines; the largest amount instead of a larger one, and then the cart is not ' +
      'purchasable',
  },
  currency: Type.String(),
  purchasable: Type.Boolean({
    description: 'whether a checkout can buy all items at these prices',
  }),
});

const CartParams = strictObject({ userId: UserId });
const ItemParams = strictObject({ userId: UserId, productId: Uuid });
type AnyParams = typeof CartParams | typeof ItemParams;

const CHANGE_PROBLEMS: readonly ProblemCode[] = ['user_not_found', 'cart_changed'];
const ITEM_PROBLEMS: readonly ProblemCode[] = [
  ...CHANGE_PROBLEMS,
  'product_not_found',
  'product_unavailable',
  'cart_full',
];

const invalidIfMatch = invalid('/headers/if-match', 'must be * or a list of entity tags');

const answerStored = (body: string, replayed: boolean): Reply => {
  const { version } = JSON.parse(body) as { version: number };
  return { kind: 'answer', status: 200, body, replayed, etag: etagOf(version) };
};

/** What a request changes; it depends only on the request. */
interface Change {
  /** The locks besides those of the user and the cart. */
  readonly locks?: readonly Lock[];
  readonly decide: (input: CartInput, rows: Rows, time: Date) => Decision<Event, Refusal>;
}

interface ChangeRoute<Params extends AnyParams, Body extends TSchema> extends Pick<
  Route<Params, TSchema, Body>,
  'method' | 'path' | 'operation' | 'summary' | 'params' | 'body' | 'problems'
> {
  readonly change: (request: RouteRequest<Static<Params>, unknown, Static<Body>>) => Change;
}

/** Reading and changing carts. */
export const cartRoutes = (
  commit: GroupCommit<Event, Refusal>,
  db: Queryable,
  { currency }: { readonly currency: string },
): Route[] => {
  const findCart = createRowLoader(
    (userIds) => findCarts(db, { userIds }),
    ({ userId }) => userId,
  );

  const show = async (userId: string): Promise<Reply> => {
    const row = await findCart(userId);
    if (row === undefined) return problem(userNotFound);
    const body = viewCart(cartOfRow(row), row.products as CartProduct[], currency);
    return { kind: 'answer', status: 200, body, etag: etagOf(body.version) };
  };

  // The answer is read after the commit. An answer from the batch would have to lock all products
  // of the cart and their descriptions, which would block buyers. The read sees the change, in one
  // snapshot; a later change by somebody else is included with its own version.
  const carryOut = async (
    operation: string,
    request: RouteRequest<{ readonly userId: string }, unknown, unknown>,
    { locks = [], decide }: Change,
  ): Promise<Reply> => {
    const { userId } = request.params;
    const precondition = parseIfMatch(request.ifMatch);
    if (precondition === undefined) return invalidIfMatch;
    const clientKey = idempotencyKeyOf(operation, request);
    const outcome = await commit.submit({
      operation,
      key: clientKey ?? serverKey(),
      locks: [lock(wallets, [userId]), lock(carts, [userId]), ...locks],
      decide: (rows, time) => decide({ userId, precondition }, rows, time),
    });
    if (outcome.kind !== 'accepted') return replyTo(outcome);
    if (clientKey === undefined) return show(userId);
    const { answer, replayed } = outcome;
    return isUnanswered(answer)
      ? storeFirst(clientKey, await show(userId), replayed)
      : answerStored(answer.body, replayed);
  };

  /** Stores the shown cart as the key's answer, unless a concurrent retry has stored its own. */
  const storeFirst = async (
    key: IdempotencyKey,
    shown: Reply,
    replayed: boolean,
  ): Promise<Reply> => {
    if (shown.kind === 'problem') return shown;
    const body = JSON.stringify(shown.body);
    return answerStored(await settleAnswer(db, key, { status: 200, body }), replayed);
  };

  /** Makes a route that changes a cart and answers with the cart afterwards. */
  const defineChange = <Params extends AnyParams, Body extends TSchema>({
    change,
    ...route
  }: ChangeRoute<Params, Body>): Route => {
    const described: Route<Params, TSchema, Body> = {
      ...route,
      tag: 'Carts',
      access: ['customer', 'service'],
      owner: 'params',
      versioned: true,
      isFull: commit.isFull,
      answers: { 200: CartView },
      handle: (request) => carryOut(route.operation, request, change(request)),
    };
    return described;
  };

  return [
    defineRoute({
      method: 'GET',
      path: '/v1/users/:userId/cart',
      operation: 'getCart',
      summary: 'Read a cart with current prices and stock',
      tag: 'Carts',
      access: ['customer', 'staff', 'service'],
      owner: 'params',
      versioned: true,
      params: CartParams,
      answers: { 200: CartView },
      problems: ['user_not_found'],
      handle: ({ params }) => show(params.userId),
    }),

    defineChange({
      method: 'POST',
      path: '/v1/users/:userId/cart/items',
      operation: 'addCartItem',
      summary: 'Add units to a cart without reserving them',
      params: CartParams,
      body: named('NewCartItem', { productId: Uuid, quantity: Quantity }),
      problems: [...ITEM_PROBLEMS, 'cart_quantity_exceeded'],
      change: ({ body }) => ({
        locks: [lock(products, [body.productId])],
        decide: (input, rows, time) => decideAdd({ ...input, ...body }, rows, time),
      }),
    }),

    defineChange({
      method: 'PUT',
      path: '/v1/users/:userId/cart/items/:productId',
      operation: 'setCartItem',
      summary: 'Set the quantity of a product in a cart',
      params: ItemParams,
      body: named('CartQuantity', { quantity: Quantity }),
      problems: ITEM_PROBLEMS,
      change: ({ params: { productId }, body: { quantity } }) => ({
        locks: [lock(products, [productId])],
        decide: (input, rows, time) => decideSet({ ...input, productId, quantity }, rows, time),
      }),
    }),

    defineChange({
      method: 'DELETE',
      path: '/v1/users/:userId/cart/items/:productId',
      operation: 'removeCartItem',
      summary: 'Remove a product from a cart',
      params: ItemParams,
      problems: CHANGE_PROBLEMS,
      change: ({ params: { productId } }) => ({
        decide: (input, rows) => decideRemove({ ...input, productId }, rows),
      }),
    }),

    defineChange({
      method: 'DELETE',
      path: '/v1/users/:userId/cart',
      operation: 'clearCart',
      summary: 'Empty a cart',
      params: CartParams,
      problems: CHANGE_PROBLEMS,
      change: () => ({ decide: decideClear }),
    }),
  ];
};
