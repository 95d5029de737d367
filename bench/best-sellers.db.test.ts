import { expect, test } from 'vitest';
import { benchBestSellers, renderBestSellers } from './best-sellers.ts';

test('the bench of best sellers measures few and many orders and prints their ratios', async () => {
  const result = await benchBestSellers({
    seconds: 0.3,
    rounds: 1,
    sizes: [10, 1_000],
    products: 20,
    log: () => undefined,
  });
  expect(result.map(({ orders }) => orders)).toEqual([10, 1_000]);
  for (const { quiet, selling, firstMs, sqlMs } of result) {
    for (const figure of [quiet.p50Ms, quiet.p99Ms, selling.p50Ms, selling.p99Ms, firstMs, sqlMs]) {
      expect(figure).toBeGreaterThan(0);
    }
  }
  expect(renderBestSellers(result)).toMatch(/\| p99 \| .* ms \| .* ms \| .* × \|/);
});
