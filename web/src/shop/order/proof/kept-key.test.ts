import { expect, test } from 'vitest';
import { keepKey } from './kept-key.ts';

const createStore = (first?: string) => {
  const values = new Map(first === undefined ? [] : [['moa.log-key', first]]);
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
  };
};
const MONDAY = new Date('2026-11-02T09:00:00Z');
const TUESDAY = new Date('2026-11-03T09:00:00Z');

test('the first key is kept with its time, whatever the shop answers later', () => {
  const store = createStore();
  const first = { verifierKey: 'a', since: MONDAY.toISOString() };
  expect(keepKey(store, 'a', MONDAY)).toEqual(first);
  expect(keepKey(store, 'a', TUESDAY)).toEqual(first);
  expect(keepKey(store, 'b', TUESDAY)).toEqual(first);
});

test('a damaged note about the key is replaced', () => {
  for (const damaged of [
    '',
    '{',
    'null',
    '7',
    '{"verifierKey":1}',
    '{"verifierKey":"a","since":"x"}',
  ]) {
    const kept = { verifierKey: 'b', since: TUESDAY.toISOString() };
    expect(keepKey(createStore(damaged), 'b', TUESDAY)).toEqual(kept);
  }
});
