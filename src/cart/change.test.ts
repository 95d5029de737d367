import { describe, expect, test } from 'vitest';
import { createTestRows, type TestRows } from '../../test/support/rows.ts';
import { products, type Product } from '../catalog/index.ts';
import { wallets } from '../wallet/index.ts';
import { cartItems, cartOrdered, evolveCart } from './cart.ts';
import {
  LINES_MAX,
  QUANTITY_MAX,
  decideAdd,
  decideClear,
  decideRemove,
  decideSet,
} from './change.ts';
import { carts, type Cart, type CartLine } from './tables.ts';

const TIME = new Date('2026-11-23T10:00:00.000Z');
const BEFORE = new Date('2026-11-22T10:00:00.000Z');

const TEA: Product = {
  productId: 'tea',
  name: 'Tea',
  price: 300,
  status: 'active',
  sku: null,
  onHand: 0,
  reserved: 0,
  createdAt: BEFORE,
  updatedAt: BEFORE,
};
const LINE: CartLine = { productId: 'tea', quantity: 2, priceWhenAdded: 250, addedAt: BEFORE };
const others = (count: number): CartLine[] =>
  Array.from({ length: count }, (_, index) => ({ ...LINE, productId: `other-${index}` }));

const withoutUser = () => createTestRows().miss(wallets, 'u');

/** A shop with tea and a user with these cart lines. */
const withCart = (lines: readonly CartLine[], tea: Partial<Product> = {}): TestRows =>
  createTestRows()
    .miss(products, 'x', 'y')
    .hold(wallets, { userId: 'u', balance: 0, entryCount: 0, createdAt: BEFORE, updatedAt: BEFORE })
    .hold(products, { ...TEA, ...tea })
    .hold(carts, { userId: 'u', version: 3, lines });

const ANY = { userId: 'u', precondition: 'any' } as const;
const wrongVersion = { userId: 'u', precondition: [2] } as const;
const add = (quantity: number, productId = 'tea') => ({ ...ANY, productId, quantity });

/** The cart and the event after an accepted decision. */
const carryOut = (rows: TestRows, decision: ReturnType<typeof decideAdd>) => {
  if (decision.kind === 'refused') throw new Error(`refused: ${decision.refusal.code}`);
  for (const event of decision.events) {
    evolveCart[event.type](rows, { ...event, eventId: '1', time: TIME });
  }
  return { cart: rows.get(carts, 'u'), types: decision.events.map(({ type }) => type) };
};

const refused = (code: string, members?: object) => ({
  kind: 'refused',
  refusal: { code, ...(members === undefined ? {} : { members }) },
});

const USER_NOT_FOUND = refused('user_not_found');
const CART_CHANGED = refused('cart_changed', { version: 3 });

describe.for([
  ['add', decideAdd],
  ['set', decideSet],
] as const)('the outcomes of "%s", in order', ([name, decide]) => {
  const full = others(LINES_MAX);

  test('user_not_found', () => {
    expect(decide({ ...wrongVersion, productId: 'x', quantity: 1 }, withoutUser(), TIME)).toEqual(
      USER_NOT_FOUND,
    );
  });

  test('cart_changed', () => {
    const input = { ...wrongVersion, productId: 'x', quantity: 1 };
    expect(decide(input, withCart(full), TIME)).toEqual(CART_CHANGED);
    const never = withCart([]);
    const stranger = { ...input, userId: 'v' };
    never.hold(wallets, { ...never.get(wallets, 'u')!, userId: 'v' }).miss(carts, 'v');
    expect(decide(stranger, never, TIME)).toEqual(refused('cart_changed', { version: 0 }));
  });

  test('product_not_found', () => {
    expect(decide(add(1, 'x'), withCart(full), TIME)).toEqual(
      refused('product_not_found', { productIds: ['x'] }),
    );
  });

  test('product_unavailable', () => {
    for (const lines of [full, [{ ...LINE, quantity: QUANTITY_MAX }]]) {
      expect(decide(add(1), withCart(lines, { status: 'archived' }), TIME)).toEqual(
        refused('product_unavailable', { productIds: ['tea'] }),
      );
    }
  });

  test('cart_full', () => {
    expect(decide(add(1), withCart(full), TIME)).toEqual(
      refused('cart_full', { limit: LINES_MAX }),
    );
  });

  test(`accepted: the last line, and one of ${LINES_MAX}`, () => {
    const last = withCart(full.slice(1));
    expect(carryOut(last, decide(add(1), last, TIME)).cart?.lines).toHaveLength(LINES_MAX);
    const whole = withCart([...full.slice(1), LINE]);
    expect(carryOut(whole, decide(add(1), whole, TIME)).cart?.lines).toHaveLength(LINES_MAX);
  });

  test('accepted: a new line, also for a user without a cart', () => {
    const fresh: CartLine = { productId: 'tea', quantity: 5, priceWhenAdded: 300, addedAt: TIME };
    const first: Cart = { userId: 'u', version: 1, lines: [fresh] };
    const rows = createTestRows()
      .miss(carts, 'u')
      .hold(wallets, withCart([]).get(wallets, 'u')!)
      .hold(products, TEA);
    expect(carryOut(rows, decide(add(5), rows, TIME)).cart).toEqual(first);
    const second = withCart(others(1));
    expect(carryOut(second, decide(add(5), second, TIME)).cart).toEqual({
      userId: 'u',
      version: 4,
      lines: [...others(1), fresh],
    });
  });

  test('accepted: a line keeps its place and its time and gets the current price', () => {
    const [other] = others(1);
    const rows = withCart([LINE, other!]);
    const quantity = name === 'add' ? 7 : 5;
    expect(carryOut(rows, decide(add(5), rows, TIME))).toEqual({
      cart: {
        userId: 'u',
        version: 4,
        lines: [{ ...LINE, quantity, priceWhenAdded: 300 }, other],
      },
      types: ['cart.item_set.v1'],
    });
  });

  test('accepted: at the version of If-Match', () => {
    const rows = withCart([]);
    const input = { ...add(1), precondition: [2, 3] };
    expect(carryOut(rows, decide(input, rows, TIME)).cart?.version).toBe(4);
  });
});

test('an add up to the limit of a line is accepted, and beyond it cart_quantity_exceeded', () => {
  const rows = withCart([{ ...LINE, quantity: QUANTITY_MAX - 2 }]);
  expect(carryOut(rows, decideAdd(add(2), rows, TIME)).cart?.lines).toMatchObject([
    { quantity: QUANTITY_MAX },
  ]);
  for (const [inCart, more] of [
    [QUANTITY_MAX, 1],
    [1, QUANTITY_MAX],
  ] as const) {
    expect(decideAdd(add(more), withCart([{ ...LINE, quantity: inCart }]), TIME)).toEqual(
      refused('cart_quantity_exceeded', { limit: QUANTITY_MAX, quantity: inCart }),
    );
  }
});

test('setting the same quantity is no event, but another price is one', () => {
  const same = withCart([{ ...LINE, priceWhenAdded: 300 }]);
  expect(carryOut(same, decideSet(add(2), same, TIME))).toMatchObject({
    cart: { version: 3 },
    types: [],
  });
  const dearer = withCart([LINE]);
  expect(carryOut(dearer, decideSet(add(2), dearer, TIME))).toMatchObject({
    cart: { version: 4, lines: [{ quantity: 2, priceWhenAdded: 300, addedAt: BEFORE }] },
    types: ['cart.item_set.v1'],
  });
});

describe('the outcomes of removing, in order', () => {
  test('user_not_found', () => {
    const input = { ...wrongVersion, productId: 'tea' };
    expect(decideRemove(input, withoutUser())).toEqual(USER_NOT_FOUND);
  });

  test('cart_changed, also for a product that is not in the cart', () => {
    for (const productId of ['tea', 'x']) {
      expect(decideRemove({ ...wrongVersion, productId }, withCart([LINE]))).toEqual(CART_CHANGED);
    }
  });

  test('removed, also when the product is archived or missing', () => {
    const rows = withCart([LINE, ...others(1)], { status: 'archived' });
    expect(carryOut(rows, decideRemove({ ...ANY, productId: 'tea' }, rows))).toEqual({
      cart: { userId: 'u', version: 4, lines: others(1) },
      types: ['cart.item_removed.v1'],
    });
  });

  test('removing a product that is not in the cart is no event', () => {
    const rows = withCart([LINE]);
    expect(carryOut(rows, decideRemove({ ...ANY, productId: 'x' }, rows))).toMatchObject({
      cart: { version: 3 },
      types: [],
    });
  });
});

describe('the outcomes of emptying, in order', () => {
  test('user_not_found', () => {
    expect(decideClear(wrongVersion, withoutUser())).toEqual(USER_NOT_FOUND);
  });

  test('cart_changed, also for an empty cart', () => {
    expect(decideClear(wrongVersion, withCart([]))).toEqual(CART_CHANGED);
  });

  test('emptied; the version grows', () => {
    const rows = withCart([LINE, ...others(3)]);
    expect(carryOut(rows, decideClear(ANY, rows))).toEqual({
      cart: { userId: 'u', version: 4, lines: [] },
      types: ['cart.cleared.v1'],
    });
    expect(carryOut(rows, decideClear(ANY, rows))).toMatchObject({
      cart: { version: 4 },
      types: [],
    });
  });
});

test('an ordered cart is empty, and its version grows', () => {
  const rows = withCart([LINE, ...others(1)]);
  expect(cartItems('u', rows)).toEqual([
    { productId: 'tea', quantity: 2 },
    { productId: 'other-0', quantity: 2 },
  ]);
  const event = cartOrdered('u');
  evolveCart[event.type](rows, { ...event, eventId: '1', time: TIME });
  expect(rows.get(carts, 'u')).toEqual({ userId: 'u', version: 4, lines: [] });
  expect(cartItems('nobody', rows.miss(carts, 'nobody'))).toEqual([]);
});
