import { checkout, productOf, userOf, type Scenario } from '../scenario.ts';

export const overload: Scenario = {
  title: 'paid orders that arrive at a multiple of the highest rate',
  operation: 'order',
  counted: 'per cent of the highest rate',
  connections: [100, 200],
  baselines: [],
  callers: 512,
  arrives: true,
  begin: (shop) =>
    function* ({ count }) {
      yield checkout(shop, userOf(shop, count), [productOf(shop, count)]);
    },
};
