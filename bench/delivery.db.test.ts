import { expect, test } from 'vitest';
import { benchDelivery, renderDelivery } from './delivery.ts';

test('the bench of delivery measures every case and prints its ratios', async () => {
  const result = await benchDelivery({
    seconds: 0.3,
    rounds: 1,
    size: 20,
    nats: undefined,
    log: () => undefined,
  });
  expect(result.webhook.events).toBeGreaterThan(0);
  expect(result.live.orders).toBeGreaterThan(0);
  expect(renderDelivery(result)).toMatch(/an unreachable webhook \|.* × \|/);
});
