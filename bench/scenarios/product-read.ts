import { get, productOf, type Scenario } from '../scenario.ts';

export const productRead: Scenario = {
  title: 'reads of a product',
  operation: 'read',
  connections: [32, 256],
  baselines: ['bare Fastify'],
  begin: (shop) =>
    function* ({ count }) {
      yield { request: get(`/v1/products/${productOf(shop, count)}`), status: 200 };
    },
};
