import { expect, test } from 'vitest';
import { countEvents, type ReadEvents } from './range.ts';

const BEGIN = Date.parse('2026-01-05T00:00:00.000Z');
const PAID = 'moa.order.paid.v1';
const CHARGED = 'moa.wallet.charged.v1';

/** A journal with one event in a second, of two types in turn, and a gap before each. */
const journalOf = (length: number) => {
  let reads = 0;
  const events = Array.from({ length }, (_, index) => ({
    type: index % 2 === 0 ? PAID : CHARGED,
    time: new Date(BEGIN + index * 1_000).toISOString(),
    sequence: String((index + 1) * 2).padStart(19, '0'),
  }));
  const read: ReadEvents = async (after, limit) => {
    reads += 1;
    const begin = Math.floor(after / 2);
    const items = events.slice(begin, begin + limit);
    return {
      items,
      nextCursor: begin + limit < length ? 'more' : null,
      lastSequence: items.at(-1)?.sequence ?? String(after),
    };
  };
  return { read, reads: () => reads };
};

const rangeOf = (from: number, to: number, types: readonly string[] | null = null) => ({
  from: new Date(BEGIN + from * 1_000),
  to: new Date(BEGIN + to * 1_000),
  types,
});

test.each([
  [0, 0, 0, 0],
  [1, 0, 0, 1],
  [5_000, 1_000, 1_099, 100],
  [5_000, 0, 9, 10],
  [5_000, 4_990, 10_000, 10],
  [5_000, 6_000, 7_000, 0],
  [5_000, -50, -1, 0],
])('of %d events, those from second %d to %d are %d', async (length, from, to, count) => {
  const { read } = journalOf(length);
  expect(await countEvents(read, rangeOf(from, to))).toEqual({ count, isMore: false });
});

test('only the types of the destination are counted', async () => {
  const { read } = journalOf(1_000);
  expect(await countEvents(read, rangeOf(100, 199, [PAID]))).toEqual({ count: 50, isMore: false });
  expect(await countEvents(read, rangeOf(100, 199, []))).toEqual({ count: 0, isMore: false });
});

test('a long range is counted in part and says so', async () => {
  const { read } = journalOf(10_000);
  const { count, isMore } = await countEvents(read, rangeOf(1_000, 9_999));
  expect(isMore).toBe(true);
  expect(count).toBeGreaterThan(1_800);
  expect(count).toBeLessThanOrEqual(2_000);
});

test('a range in a long journal is found with few reads', async () => {
  const journal = journalOf(50_000);
  await countEvents(journal.read, rangeOf(40_000, 40_010));
  expect(journal.reads()).toBeLessThan(40);
});
