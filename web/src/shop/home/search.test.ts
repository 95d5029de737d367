import { expect, test } from 'vitest';
import { readProductSearch, searchWhileTyping } from './search.ts';

test('the address is read without what it does not know', () => {
  expect(readProductSearch({ query: '머그', sort: '-price', page: 3 })).toEqual({
    query: '머그',
    sort: '-price',
  });
  expect(readProductSearch({ query: '', sort: 'random' })).toEqual({});
  expect(readProductSearch({ query: { a: 1 } })).toEqual({});
});

test('a number in the address is a search text', () => {
  expect(readProductSearch({ query: 24 })).toEqual({ query: '24' });
});

test('a syllable that is still typed is not searched for', () => {
  expect(['ㅁ', '머', '머ㄱ', '머그 ', ' 머그 ㅋ'].map(searchWhileTyping)).toEqual([
    '',
    '머',
    '머',
    '머그',
    '머그',
  ]);
});
