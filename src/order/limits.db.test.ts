import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { startSystem } from '../system.ts';

test('an order has at most 9,999 units of a product, also in several lines', async () => {
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS);
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const user = { userId: 'alice' };
  await call('putUser', { params: user });
  await call('chargeWallet', { params: user, body: { amount: 100_000 }, key: 'charge' });
  const body = { name: 'Clip', price: 1, stock: 100_000 };
  const { productId } = bodyOf(await call('createProduct', { body }));
  const order = (operation: string, ...quantities: readonly number[]) => {
    const items = quantities.map((quantity) => ({ productId, quantity }));
    return call(operation, { body: { ...user, items }, key: `${operation} order` });
  };
  for (const operation of ['checkout', 'placeOrder']) {
    const message = 'must be at most 9999 together with the other lines of this product';
    expect(await order(operation, 9_999, 9_999)).toMatchObject({
      kind: 'problem',
      code: 'invalid_request',
      members: { errors: [{ pointer: '/items/1/quantity', message }] },
    });
    // The refused request may be corrected under its key.
    expect(bodyOf(await order(operation, 9_998, 1))).toMatchObject({ total: 9_999 });
  }
});
