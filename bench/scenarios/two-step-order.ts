import { orderBody, productOf, send, userOf, type Scenario } from '../scenario.ts';

export const twoStepOrder: Scenario = {
  title: 'an order with reserved stock, then its payment',
  operation: 'paid order',
  connections: [32, 256],
  baselines: ['batches of one'],
  begin: (shop) =>
    function* ({ count }) {
      const { service } = shop.tokens;
      const body = orderBody(userOf(shop, count), [productOf(shop, count)]);
      const placed = yield { request: send('POST', '/v1/orders', service, body), status: 201 };
      const { orderId } = JSON.parse(placed) as { orderId: string };
      const path = `/v1/orders/${orderId}/payment`;
      yield { request: send('POST', path, service, '{}'), status: 201 };
    },
};
