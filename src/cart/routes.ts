import { Type } from 'typebox';
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
  AMOUNT_MAX,
  Amount,
  Balance,
  Timestamp,
  UserId,
  Uuid,
  choice,
  defineRoute,
  idempotencyKeyOf,
  named,
  nullable,
  problem,
  replyTo,
  strictObject,
  type ProblemCode,
  type Refusal,
  type Reply,
  type Role,
  type Route,
  type RouteRequest,
} from '../contract/index.ts';
import { products } from '../catalog/index.ts';
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
import { viewCart, type CartProduct } from './view.ts';

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
      stock: Type.Integer({
        minimum: 0,
        maximum: AMOUNT_MAX,
        description: 'the units that can be bought',
      }),
      status: choice([
        'ok',
        'price_changed',
        'insufficient_stock',
        'total_limit_exceeded',
        'archived',
      ]),
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

const MAY_READ: readonly Role[] = ['customer', 'staff', 'service'];
const MAY_CHANGE: readonly Role[] = ['customer', 'service'];

const CHANGE_PROBLEMS: readonly ProblemCode[] = ['user_not_found', 'cart_changed'];
const ITEM_PROBLEMS: readonly ProblemCode[] = [
  ...CHANGE_PROBLEMS,
  'product_not_found',
  'product_unavailable',
  'cart_full',
];

const invalidIfMatch: Reply = {
  kind: 'problem',
  code: 'invalid_request',
  members: {
    errors: [{ pointer: '/headers/if-match', message: 'must be * or a list of entity tags' }],
  },
};

const answerStored = (body: string, replayed: boolean): Reply => {
  const { version } = JSON.parse(body) as { version: number };
  return { kind: 'answer', status: 200, body, replayed, etag: etagOf(version) };
};

/** What all changes of a cart have in common. */
interface Change {
  readonly operation: string;
  readonly request: RouteRequest<{ readonly userId: string }, unknown, unknown>;
  /** The locks besides those of the user and the cart. */
  readonly locks?: readonly Lock[];
  readonly decide: (input: CartInput, rows: Rows, time: Date) => Decision<Event, Refusal>;
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
  const change = async ({ operation, request, locks = [], decide }: Change): Promise<Reply> => {
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

  return [
    defineRoute({
      method: 'GET',
      path: '/v1/users/:userId/cart',
      operation: 'getCart',
      summary: 'Read a cart with current prices and stock',
      tag: 'Carts',
      access: MAY_READ,
      owner: 'params',
      versioned: true,
      params: CartParams,
      answers: { 200: CartView },
      problems: ['user_not_found'],
      handle: ({ params }) => show(params.userId),
    }),

    defineRoute({
      method: 'POST',
      path: '/v1/users/:userId/cart/items',
      operation: 'addCartItem',
      summary: 'Add units to a cart without reserving them',
      tag: 'Carts',
      access: MAY_CHANGE,
      owner: 'params',
      versioned: true,
      params: CartParams,
      body: named('NewCartItem', { productId: Uuid, quantity: Quantity }),
      answers: { 200: CartView },
      problems: [...ITEM_PROBLEMS, 'cart_quantity_exceeded'],
      handle: (request) =>
        change({
          operation: 'addCartItem',
          request,
          locks: [lock(products, [request.body.productId])],
          decide: (input, rows, time) => decideAdd({ ...input, ...request.body }, rows, time),
        }),
    }),

    defineRoute({
      method: 'PUT',
      path: '/v1/users/:userId/cart/items/:productId',
      operation: 'setCartItem',
      summary: 'Set the quantity of a product in a cart',
      tag: 'Carts',
      access: MAY_CHANGE,
      owner: 'params',
      versioned: true,
      params: ItemParams,
      body: named('CartQuantity', { quantity: Quantity }),
      answers: { 200: CartView },
      problems: ITEM_PROBLEMS,
      handle: (request) => {
        const { productId } = request.params;
        const { quantity } = request.body;
        return change({
          operation: 'setCartItem',
          request,
          locks: [lock(products, [productId])],
          decide: (input, rows, time) => decideSet({ ...input, productId, quantity }, rows, time),
        });
      },
    }),

    defineRoute({
      method: 'DELETE',
      path: '/v1/users/:userId/cart/items/:productId',
      operation: 'removeCartItem',
      summary: 'Remove a product from a cart',
      tag: 'Carts',
      access: MAY_CHANGE,
      owner: 'params',
      versioned: true,
      params: ItemParams,
      answers: { 200: CartView },
      problems: CHANGE_PROBLEMS,
      handle: (request) => {
        const { productId } = request.params;
        return change({
          operation: 'removeCartItem',
          request,
          decide: (input, rows) => decideRemove({ ...input, productId }, rows),
        });
      },
    }),

    defineRoute({
      method: 'DELETE',
      path: '/v1/users/:userId/cart',
      operation: 'clearCart',
      summary: 'Empty a cart',
      tag: 'Carts',
      access: MAY_CHANGE,
      owner: 'params',
      versioned: true,
      params: CartParams,
      answers: { 200: CartView },
      problems: CHANGE_PROBLEMS,
      handle: (request) => change({ operation: 'clearCart', request, decide: decideClear }),
    }),
  ];
};
