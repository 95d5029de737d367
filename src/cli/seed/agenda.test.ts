import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAgenda } from './agenda.ts';

test('entries run in order of time, and at the same time in the order of adding', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
      const agenda = createAgenda();
      const seen: [number, number][] = [];
      for (const [index, time] of times.entries()) {
        agenda.add(time, (now) => seen.push([now.getTime(), index]));
      }
      for (let now = 0; now <= 20; now += 5) agenda.runUntil(now);
      const expected = times
        .map((time, index): [number, number] => [time, index])
        .sort(([a], [b]) => a - b);
      expect(seen).toEqual(expected);
    }),
  );
});

test('an entry that is added during a run also runs, a later entry does not', () => {
  const agenda = createAgenda();
  const seen: string[] = [];
  agenda.add(1, () => {
    seen.push('first');
    agenda.add(2, () => seen.push('second'));
    agenda.add(4, () => seen.push('beyond'));
  });
  agenda.runUntil(3);
  expect(seen).toEqual(['first', 'second']);
});
