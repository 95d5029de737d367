import { expect, test } from 'vitest';
import { firstIdOf, idOfHash, newId } from './ids.ts';

test('ids are distinct UUIDs of version 7, in order of creation', () => {
  const ids = Array.from({ length: 10_000 }, newId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test('the id of a hash at a time is a UUID of version 7, always the same', () => {
  const [hash, other] = [1, 2].map((n) => `00000000-0000-0000-0000-00000000000${n}`);
  const time = new Date('2026-01-01T00:00:00.123Z');
  const id = idOfHash(hash!, time);
  expect(idOfHash(hash!, time)).toBe(id);
  expect(id.slice(0, 15)).toBe(`${firstIdOf(time).slice(0, 13)}-7`);
  expect(new Set([id, idOfHash(other!, time), idOfHash(hash!, new Date())]).size).toBe(3);
});

test('an id contains its time of creation', () => {
  const before = Date.now();
  const madeAt = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16);
  expect(madeAt).toBeGreaterThanOrEqual(before);
  expect(madeAt).toBeLessThanOrEqual(Date.now() + 1);
});

test('the first id of a millisecond is after every earlier id and before every later one', () => {
  const now = Date.now();
  const id = newId();
  expect(firstIdOf(new Date(now)) <= id).toBe(true);
  expect(firstIdOf(new Date(Date.now() + 1)) > id).toBe(true);
});
