import { expect, test } from 'vitest';
import { restOf } from './rest.ts';

test('a round rests once it has worked for a fifth of the time between two rounds', () => {
  const everyMs = 5_000;
  expect(restOf(0, 0, everyMs)).toBe(0);
  expect(restOf(1_000, 300, everyMs)).toBe(0);
  expect(restOf(1_001, 300, everyMs)).toBe(1_200);
});

test('rare rounds rest after four seconds of work', () => {
  const everyMs = 3_600_000;
  expect(restOf(4_000, 300, everyMs)).toBe(0);
  expect(restOf(4_001, 300, everyMs)).toBe(1_200);
});
