import { checkout, productOf, userOf, type Scenario } from '../scenario.ts';

const LINES = 10;

export const tenLines: Scenario = {
  title: 'paid orders of ten products each',
  operation: 'order',
  connections: [32, 256],
  baselines: ['batches of one', 'bare Fastify'],
  begin: (shop) =>
    function* ({ count }) {
      const products = Array.from({ length: LINES }, (_, line) =>
        productOf(shop, count * LINES + line),
      );
      yield checkout(shop, userOf(shop, count), products);
    },
};
