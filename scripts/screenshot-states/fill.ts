import { expectStatus, type Client } from '../../test/support/api-calls.ts';
import type { Shown } from '../../test/support/views.ts';
import { PRICE, setPrice, type Pictured, type Tools } from './state.ts';

/** An order that is not paid in time; the service must reserve for a moment only. */
export const placeExpired = async (api: Client): Promise<string> => {
  const { body } = expectStatus(
    201,
    await api.post('/v1/products', { name: 'Brush', price: 2_000, stock: 3 }),
  );
  const items = [{ productId: String(body['productId']), quantity: 1 }];
  const order = { userId: 'demo', items };
  return String(expectStatus(201, await api.post('/v1/orders', order)).body['orderId']);
};

/** Adds what only the pictures show. */
export const fillStates = async (
  api: Client,
  shown: Shown & Pick<Pictured, 'expired' | 'destinations'>,
): Promise<Pictured> => {
  const add = async (name: string, price: number, stock: number): Promise<string> =>
    String(
      expectStatus(201, await api.post('/v1/products', { name, price, stock })).body['productId'],
    );
  const place = async (path: string, productId: string): Promise<string> => {
    const order = { userId: 'demo', items: [{ productId, quantity: 1 }] };
    return String(expectStatus(201, await api.post(path, order)).body['orderId']);
  };
  const risingId = await add('Tea from the southern slopes of Jirisan, 100 g', PRICE, 900);
  const dearId = await add('Celadon vase', 450_000, 3);
  const refunded = await place('/v1/checkout', risingId);
  const refund = { items: [{ productId: risingId, quantity: 1 }] };
  expectStatus(201, await api.post(`/v1/orders/${refunded}/refunds`, refund));
  const cancelled = await place('/v1/orders', risingId);
  expectStatus(201, await api.post(`/v1/orders/${cancelled}/cancellation`, {}));
  return { ...shown, risingId, dearId, refunded, cancelled };
};

/** Fills a cart with a price that has risen, too many of one product and one that is gone. */
export const fillCollection = async ({ api, shown }: Tools, userId: string): Promise<void> => {
  const { risingId, dearId, productId, soldOutId } = shown;
  await api.put(`/v1/users/${userId}`, {});
  await setPrice({ api, shown }, risingId, PRICE);
  for (const [id, quantity] of [
    [risingId, 2],
    [dearId, 9],
    [productId, 1],
    [soldOutId, 1],
  ] as const)
    expectStatus(200, await api.put(`/v1/users/${userId}/cart/items/${id}`, { quantity }));
};
