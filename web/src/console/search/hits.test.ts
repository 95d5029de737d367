import { expect, test } from 'vitest';
import { addRecent, idIn, placeOf, readRecent, type Hit } from './hits.ts';

const hit = (kind: Hit['kind'], id: string): Hit => ({ kind, id, name: id, note: '' });
const ID = '0197a3c0-5d00-7000-8000-000000000001';

test('each kind has the address that opens it', () => {
  expect(placeOf(hit('order', 'a'))).toEqual({ to: '/console/orders', search: { order: 'a' } });
  expect(placeOf(hit('user', 'a'))).toEqual({ to: '/console/wallets', search: { user: 'a' } });
  expect(placeOf(hit('product', 'a'))).toEqual({
    to: '/console/products',
    search: { product: 'a' },
  });
});

test('an id is found with spaces and in upper case', () => {
  expect(idIn(` ${ID.toUpperCase()} `)).toBe(ID);
  expect(idIn('mug')).toBe(undefined);
  expect(idIn(`${ID}0`)).toBe(undefined);
});

test('the last six opened hits are kept, each once', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'];
  const recent = ids.map((id) => hit('user', id)).reduce(addRecent, [] as Hit[]);
  expect(recent.map(({ id }) => id)).toEqual(['a', 'g', 'f', 'e', 'd', 'c']);
  expect(addRecent(recent, hit('product', 'a')).length).toBe(6);
});

test('what is not a list of hits is ignored', () => {
  expect(readRecent(null)).toEqual([]);
  expect(readRecent('{')).toEqual([]);
  expect(readRecent('{"kind":"user"}')).toEqual([]);
  expect(readRecent(JSON.stringify([hit('user', 'a'), { kind: 'wall', id: 'b' }, null]))).toEqual([
    hit('user', 'a'),
  ]);
});
