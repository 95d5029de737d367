import { checkout, productOf, userOf, type Scenario } from '../scenario.ts';

export const hotWallet: Scenario = {
  title: 'paid orders, all from one wallet',
  operation: 'order',
  connections: [32, 256],
  baselines: ['batches of one'],
  begin: (shop) =>
    function* ({ count }) {
      yield checkout(shop, userOf(shop, 0), [productOf(shop, count)]);
    },
};
