import { expect, test } from 'vitest';
import { isPersonal } from './personal.ts';

const isPersonalKey = (...queryKey: readonly unknown[]): boolean => isPersonal({ queryKey });

test('the catalog, the best sellers and the session outlast the person', () => {
  expect(isPersonalKey('products', '', 'newest')).toBe(false);
  expect(isPersonalKey('product', 'tea')).toBe(false);
  expect(isPersonalKey('best-sellers')).toBe(false);
  expect(isPersonalKey('session')).toBe(false);
});

test('what is read of a user, an order or the service is personal, and so is whatever is new', () => {
  expect(isPersonalKey('me', 'wallet')).toBe(true);
  expect(isPersonalKey('order', 'o1', 'events')).toBe(true);
  expect(isPersonalKey('operations')).toBe(true);
  expect(isPersonalKey('console', 'users', '')).toBe(true);
  expect(isPersonalKey('products', 'console', {})).toBe(true);
  expect(isPersonalKey('product', 'tea', 'movements')).toBe(true);
  expect(isPersonalKey('whatever')).toBe(true);
});
