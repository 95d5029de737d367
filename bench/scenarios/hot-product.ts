import { checkout, productOf, userOf, type Scenario } from '../scenario.ts';

export const hotProduct: Scenario = {
  title: 'paid orders, everyone buys one product',
  operation: 'order',
  connections: [32, 256],
  baselines: ['batches of one', 'pgbench'],
  begin: (shop) =>
    function* ({ count }) {
      yield checkout(shop, userOf(shop, count), [productOf(shop, 0)]);
    },
};
