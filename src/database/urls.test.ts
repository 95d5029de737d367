import { expect, test } from 'vitest';
import { isDatabaseUrl, urlOfDatabase, urlsOfHosts } from './urls.ts';

test('a URL of several hosts is a URL for each of them', () => {
  expect(urlsOfHosts('postgres://u:p@a:5432,b:5433/shop?sslmode=require')).toEqual([
    'postgres://u:p@a:5432/shop?sslmode=require',
    'postgres://u:p@b:5433/shop?sslmode=require',
  ]);
  expect(urlsOfHosts('postgres://a/shop')).toEqual(['postgres://a/shop']);
});

test.each([
  ['postgres://u:p@a:5432,b:5433/shop?x=1', 'postgres://u:p@a:5432,b:5433/other?x=1'],
  ['postgresql://a/shop', 'postgresql://a/other'],
  ['postgres://u@a', 'postgres://u@a/other'],
  ['postgres://u@a?x=1', 'postgres://u@a/other?x=1'],
  ['postgres://u@/shop?host=/run', 'postgres://u@/other?host=/run'],
])('another database of %s is at the same hosts', (url, expected) => {
  expect(urlOfDatabase(url, 'other')).toBe(expected);
});

test.each([
  ['postgres://u:p@a:5432,b:5433/shop', true],
  ['postgres://u:p@[::1]:5432/shop', true],
  ['postgres://u:p%2Fq@a/shop', true],
  ['postgres://u@/shop?host=/run', true],
  ['postgres:///shop', true],
  ['postgres://u:p/q@a:5432/shop', false],
  ['postgres://u:p@a:5432,b:none/shop', false],
  ['postgres://u:p@a:70000/shop', false],
])('%s is a URL of a database: %s', (url, expected) => {
  expect(isDatabaseUrl(url)).toBe(expected);
});
