import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { createArrivals } from './rhythm.ts';

test('any number of arrivals over any time is in order and within that time', () => {
  const spans = fc.record({
    seed: fc.integer(),
    from: fc.integer({ min: 0, max: 2 ** 41 }),
    lengthMs: fc.integer({ min: 1, max: 10 * 86_400_000 }),
    count: fc.integer({ min: 1, max: 500 }),
  });
  fc.assert(
    fc.property(spans, ({ seed, from, lengthMs, count }) => {
      const next = createArrivals(from, from + lengthMs, count, createRandom(seed));
      const times = Array.from({ length: count }, next);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times[0]).toBeGreaterThanOrEqual(from);
      expect(times.at(-1)).toBeLessThanOrEqual(from + lengthMs);
    }),
  );
});

test('evenings are busy and nights are quiet, as in Seoul', () => {
  const from = Date.parse('2026-11-02T00:00:00+09:00');
  const next = createArrivals(from, from + 7 * 86_400_000, 70_000, createRandom(1));
  const hours = Array.from({ length: 24 }, () => 0);
  for (let n = 0; n < 70_000; n++) hours[new Date(next() + 9 * 3_600_000).getUTCHours()]!++;
  expect(hours[20]).toBeGreaterThan(10 * hours[3]!);
});
