import { productOf, send, type Scenario } from '../scenario.ts';

export const cartCheckout: Scenario = {
  title: 'a product into the cart, then the cart is bought',
  operation: 'paid order',
  connections: [32, 256],
  baselines: ['batches of one'],
  begin: (shop) =>
    // A user for each connection: nobody else empties the cart in between.
    function* ({ count, connection }) {
      const { service } = shop.tokens;
      const userId = `user-${connection % shop.users}`;
      const path = `/v1/users/${userId}/cart/items/${productOf(shop, count)}`;
      yield { request: send('PUT', path, service, '{"quantity":1}'), status: 200 };
      const body = `{"userId":"${userId}","cart":true}`;
      yield { request: send('POST', '/v1/checkout', service, body), status: 201 };
    },
};
