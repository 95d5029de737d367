import { expect, test } from 'vitest';
import { safeStorage } from './storage.ts';

/** A storage that refuses longer values. */
const createStorage = ({ characters }: { readonly characters: number }) => {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => {
      if (value.length > characters) throw new Error('QuotaExceededError');
      values.set(name, value);
    },
    removeItem: (name: string) => void values.delete(name),
  };
};

test('what is kept is read from the storage, also what another tab has kept', () => {
  const browser = createStorage({ characters: 9 });
  const storage = safeStorage(() => browser);
  expect(storage.getItem('key')).toBeNull();
  expect(storage.setItem('key', 'a')).toBe(true);
  expect(browser.values.get('key')).toBe('a');
  browser.values.set('key', 'b');
  expect(storage.getItem('key')).toBe('b');
  storage.removeItem('key');
  expect(storage.getItem('key')).toBeNull();
  expect(browser.values.size).toBe(0);
});

test('what a full storage refuses is kept in memory, and so is all that follows', () => {
  const browser = createStorage({ characters: 1 });
  const storage = safeStorage(() => browser);
  storage.setItem('before', 'a');
  storage.setItem('key', 'a');
  expect(storage.setItem('key', 'long')).toBe(false);
  expect(storage.getItem('key')).toBe('long');
  expect(storage.setItem('press', 'b')).toBe(false);
  expect(storage.getItem('press')).toBe('b');
  // The next page finds what was kept in time, and nothing that is older than what it replaces.
  expect([...browser.values]).toEqual([['before', 'a']]);
  expect(storage.getItem('before')).toBe('a');
  storage.removeItem('key');
  expect(storage.getItem('key')).toBeNull();
});

test('a blocked storage, whose getter throws, is one in memory', () => {
  const storage = safeStorage(() => {
    throw new Error('SecurityError');
  });
  expect(storage.getItem('key')).toBeNull();
  storage.setItem('key', 'a');
  expect(storage.getItem('key')).toBe('a');
  storage.removeItem('key');
  expect(storage.getItem('key')).toBeNull();
});
