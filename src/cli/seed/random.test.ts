import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIds, createRandom, createZipf } from './random.ts';

test('a seed reproduces its draws, another seed gives other draws', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 100 }, random.next);
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('draws are spread evenly, both ends of a range included', () => {
  const random = createRandom(1);
  const counts = new Map<number, number>();
  for (let n = 0; n < 60_000; n++) {
    const value = random.between(-2, 3);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
  for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('ids grow in order of creation and contain their time', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer(), steps, (seed, delays) => {
      const idAt = createIds(createRandom(seed));
      let now = Date.parse('2026-11-23T10:00:00.000Z');
      const made = delays.map((delay) => {
        const time = new Date((now += delay));
        const id = idAt(time);
        expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(time.getTime());
        expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
        return id;
      });
      expect(made).toEqual(made.toSorted());
      expect(new Set(made).size).toBe(made.length);
    }),
  );
});

test("draws by Zipf's law are as frequent as their ranks", () => {
  const zipf = createZipf(50, createRandom(3));
  const shares = Array.from({ length: 50 }, (_, index) => zipf.shareOf(index));
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  const [first = 0, second = 0] = shares.toSorted((a, b) => b - a);
  expect(first / second).toBeCloseTo(2);
  const draws = 100_000;
  const counts = Array.from({ length: 50 }, () => 0);
  for (let n = 0; n < draws; n++) counts[zipf.draw()]!++;
  for (const [index, share] of shares.entries()) {
    expect(Math.abs(counts[index]! / draws - share)).toBeLessThan(0.01);
  }
});
