import type { Caller, Reply, Route } from '../../src/contract/index.ts';
import { newId } from '../../src/database/ids.ts';
import type { System } from '../../src/system.ts';
import { described } from '../support/described.ts';
import type { ModelCommand, ModelItem } from './commands.ts';

const CALLER: Caller = { role: 'service', userId: 'model' };

const routeOf = (system: System, operation: string): Route =>
  system.routes.find((route) => route.operation === operation)!;

export const bodyOf = ({ body }: Extract<Reply, { kind: 'answer' }>): object =>
  typeof body === 'string' ? (JSON.parse(body) as object) : body;

/** The ids of the model's names; an unknown name gets a new id. */
export const createNames = () => {
  const ids = new Map<string, string>();
  return {
    ids: ids as ReadonlyMap<string, string>,
    name: (name: string, id: string): void => {
      ids.set(name, id);
    },
    idOf: (name: string): string => ids.get(name) ?? newId(),
    /** The command with the order name `no order` when the order does not exist yet. */
    known: (given: ModelCommand): ModelCommand =>
      'order' in given && !ids.has(given.order) ? { ...given, order: 'no order' } : given,
  };
};

/** Calls a system with the ids of the model's names. */
export const createDoor = (idOf: (name: string) => string, run: string) => {
  const itemsOf = (items: readonly ModelItem[]) =>
    items.map(({ product, quantity }) => ({ productId: idOf(product), quantity }));

  return (system: System, given: ModelCommand): Promise<Reply> => {
    const call = (operation: string, params: object, body: object) =>
      routeOf(system, operation)
        .handle({
          params,
          query: {},
          body,
          caller: CALLER,
          idempotencyKey: 'key' in given ? `${run} ${given.key}` : undefined,
        })
        .then(described);

    switch (given.kind) {
      case 'register':
        return call('putUser', { userId: idOf(given.user) }, {});
      case 'charge':
      case 'withdraw': {
        const operation = given.kind === 'charge' ? 'chargeWallet' : 'withdrawFromWallet';
        return call(operation, { userId: idOf(given.user) }, { amount: given.amount });
      }
      case 'adjust': {
        const body = { delta: given.delta, reason: 'model' };
        return call('adjustStock', { productId: idOf(given.product) }, body);
      }
      case 'change': {
        const { kind: _, product, ...body } = given;
        return call('changeProduct', { productId: idOf(product) }, body);
      }
      case 'checkout':
      case 'place': {
        const { kind, user, items, key: _, ...rest } = given;
        const source = items === undefined ? { cart: true } : { items: itemsOf(items) };
        const body = { userId: idOf(user), ...source, ...rest };
        return call(kind === 'place' ? 'placeOrder' : 'checkout', {}, body);
      }
      case 'pay':
      case 'cancel': {
        const operation = given.kind === 'pay' ? 'payOrder' : 'cancelOrder';
        return call(operation, { orderId: idOf(given.order) }, {});
      }
      case 'refund': {
        const { order, items, restock } = given;
        const body = { restock, ...(items === undefined ? {} : { items: itemsOf(items) }) };
        return call('refundOrder', { orderId: idOf(order) }, body);
      }
      case 'add': {
        const { user, product, quantity } = given;
        const body = { productId: idOf(product), quantity };
        return call('addCartItem', { userId: idOf(user) }, body);
      }
      case 'remove': {
        const { user, product } = given;
        return call('removeCartItem', { userId: idOf(user), productId: idOf(product) }, {});
      }
      case 'expire':
        return system.expiry
          .expire(idOf(given.order))
          .then((expired) => ({ kind: 'answer', status: 200, body: { expired } }));
    }
  };
};

/** Creates a product and returns its id. */
export const createProduct = async (
  system: System,
  product: { readonly name: string; readonly price: number; readonly stock: number },
): Promise<string> => {
  const reply = await routeOf(system, 'createProduct').handle({
    params: {},
    query: {},
    body: product,
    caller: CALLER,
    idempotencyKey: undefined,
  });
  if (reply.kind !== 'answer') throw new Error(`no product: ${reply.code}`);
  return (bodyOf(reply) as { productId: string }).productId;
};
