import { checkout, productOf, userOf, type Scenario } from '../scenario.ts';

export const loneOrder: Scenario = {
  title: 'paid orders one at a time, back to back and after a quiet moment',
  operation: 'order',
  counted: 'per cent of the highest rate of one caller',
  connections: [2, 100],
  baselines: ['bare insert'],
  callers: 1,
  arrives: true,
  begin: (shop) =>
    function* ({ count }) {
      yield checkout(shop, userOf(shop, count), [productOf(shop, count)]);
    },
};
