import { expect, test } from 'vitest';
import { benchCheckout } from './checkout.ts';
import { renderReport } from './report.ts';

test('the bench of checkouts measures every engine and prints its ratios', async () => {
  const result = await benchCheckout({
    seconds: 0.3,
    rounds: 1,
    loneOrders: 20,
    buyers: 32,
    size: 20,
    log: () => undefined,
  });
  expect(result.measurements).toHaveLength(4);
  for (const { orders } of result.measurements) expect(orders).toBeGreaterThan(0);
  expect(renderReport(result)).toMatch(/everyone buys one product \|.* × \|/);
});
