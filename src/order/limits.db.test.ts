import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { AMOUNT_MAX } from '../contract/index.ts';
import { startSystem } from '../system.ts';

const ALICE = { userId: 'alice' };

/** A shop in which Alice has a balance. */
const openShop = async () => {
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS);
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  await call('putUser', { params: ALICE });
  await call('chargeWallet', { params: ALICE, body: { amount: 100_000 }, key: 'charge' });
  const create = async (stock: number) => {
    const body = { name: 'Clip', price: 1, stock };
    const { productId } = bodyOf(await call('createProduct', { body }));
    return productId as string;
  };
  return { call, create };
};

test('an order and a refund have at most 9,999 units of a product, also in several lines', async () => {
  const { call, create } = await openShop();
  const productId = await create(100_000);
  const itemsOf = (quantities: readonly number[]) =>
    quantities.map((quantity) => ({ productId, quantity }));
  const order = (operation: string, ...quantities: readonly number[]) =>
    call(operation, { body: { ...ALICE, items: itemsOf(quantities) }, key: `${operation} order` });
  const message = 'must be at most 9999 together with the other lines of this product';
  const refused = {
    kind: 'problem',
    code: 'invalid_request',
    members: { errors: [{ pointer: '/items/1/quantity', message }] },
  };
  for (const operation of ['checkout', 'placeOrder']) {
    expect(await order(operation, 9_999, 9_999)).toMatchObject(refused);
    // The refused request may be corrected under its key.
    expect(bodyOf(await order(operation, 9_998, 1))).toMatchObject({ total: 9_999 });
  }
  const params = { orderId: bodyOf(await order('checkout', 9_998, 1))['orderId'] };
  const refund = (...quantities: readonly number[]) =>
    call('refundOrder', { params, body: { items: itemsOf(quantities) }, key: 'refund' });
  expect(await refund(9_999, 9_999)).toMatchObject(refused);
  expect(bodyOf(await refund(9_998, 1))).toMatchObject({ amount: 9_999 });
});

test('a refund that the stock cannot take is refused, and works without restock', async () => {
  const { call, create } = await openShop();
  const productId = await create(AMOUNT_MAX);
  const items = [{ productId, quantity: 1 }];
  const { orderId } = bodyOf(await call('checkout', { body: { ...ALICE, items } }));
  const more = { params: { productId }, body: { delta: 1, reason: 'found' } };
  expect(bodyOf(await call('adjustStock', more))).toMatchObject({ stock: AMOUNT_MAX });
  const refund = (restock?: boolean) =>
    call('refundOrder', { params: { orderId }, body: restock === undefined ? {} : { restock } });
  expect(await refund()).toMatchObject({
    kind: 'problem',
    code: 'stock_limit_exceeded',
    members: { limit: AMOUNT_MAX, stock: AMOUNT_MAX },
  });
  expect(bodyOf(await refund(false))).toMatchObject({ amount: 1 });
});
