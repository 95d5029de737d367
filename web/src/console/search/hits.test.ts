import { expect, test } from 'vitest';
import { addRecent, placeOf, readRecent, type Hit } from './hits.ts';

const hit = (kind: Hit['kind'], id: string): Hit => ({ kind, id, name: id, note: '' });

test('each kind has the address that opens it', () => {
  expect(placeOf(hit('order', 'a'))).toEqual({ to: '/console/orders', search: { order: 'a' } });
  expect(placeOf(hit('user', 'a'))).toEqual({ to: '/console/wallets', search: { user: 'a' } });
  expect(placeOf(hit('product', 'a'))).toEqual({
    to: '/console/products',
    search: { product: 'a' },
  });
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
