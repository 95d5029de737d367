import { expect, test } from 'vitest';
import { compareSamples } from './compare.ts';
import type { Sample } from './sample.ts';

const sample = (subject: Sample['subject'], round: number, perSecond: number): Sample => ({
  subject,
  round,
  connections: 8,
  operations: perSecond * 2,
  seconds: 2,
  latency: undefined,
  unexpected: {},
  processor: undefined,
  walBytes: 0,
  stealPercent: undefined,
  extra: {},
});

test('a comparison divides within each round, whatever the turns, and shows the spread', () => {
  const samples = [
    sample('service', 1, 100),
    sample('revision abc', 1, 200),
    sample('revision abc', 2, 1_000),
    sample('service', 2, 1_000),
    sample('service', 3, 900),
    sample('revision abc', 3, 1_000),
  ];
  expect(compareSamples(samples, ['service', 'revision abc'])).toEqual([
    { connections: 8, perSecond: [900, 1_000], ratio: 0.9, range: [0.5, 1] },
  ]);
});
