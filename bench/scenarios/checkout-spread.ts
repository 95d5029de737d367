import { checkout, productOf, userOf, type Scenario } from '../scenario.ts';

export const checkoutSpread: Scenario = {
  title: 'paid orders, spread over all users and products',
  operation: 'order',
  connections: [1, 32, 256, 512],
  baselines: ['batches of one', 'bare Fastify', 'without HTTP', 'pgbench'],
  begin: (shop) =>
    function* ({ count }) {
      yield checkout(shop, userOf(shop, count), [productOf(shop, count)]);
    },
};
