import { expect, test } from 'vitest';
import { createMoa, storeIn, type IntentStore } from '../src/index.ts';
import { paid, startScriptedServer } from './scripted-server.ts';

/** A session storage, as far as it is used. */
const openStorage = () => {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
};

const moaWith = (intents?: IntentStore) => createMoa({ url: 'http://127.0.0.1:9', intents });

test('an intent has one key until it is done; the next one has another', async () => {
  const moa = moaWith();
  const first = moa.intent('checkout');
  const key = await first.key();
  expect(await moa.intent('checkout').key()).toBe(key);
  expect(await moa.intent('charge').key()).not.toBe(key);
  await first.done();
  const second = moa.intent('checkout');
  expect(await second.key()).not.toBe(key);
  await first.done();
  expect(await moa.intent('checkout').key()).toBe(await second.key());
});

test('the key is stored before the first request, and a reload sends the same one', async () => {
  const storage = openStorage();
  const { url, received } = await startScriptedServer(paid());
  const load = () => createMoa({ url, intents: storeIn(storage) });
  const before = load();
  const intent = before.intent('checkout');
  const key = await intent.key();
  expect([...storage.items]).toEqual([['moa:intent:checkout', key]]);
  await before.checkout({ cart: true }, { key: intent });
  const after = load();
  await after.checkout({ cart: true }, { key: after.intent('checkout') });
  expect(received.map((request) => request.key)).toEqual([key, key]);
  await after.intent('checkout').done();
  expect(storage.items.size).toBe(0);
});

test('two clicks at the same time share a key, also while a slow store answers', async () => {
  const keys = new Map<string, string>();
  const later = <T>(value: () => T): Promise<T> =>
    new Promise((resolve) => {
      setTimeout(() => resolve(value()), 5);
    });
  const moa = moaWith({
    get: (name) => later(() => keys.get(name)),
    set: (name, key) => later(() => void keys.set(name, key)),
    remove: (name) => later(() => void keys.delete(name)),
  });
  const [first, second] = [moa.intent('checkout'), moa.intent('checkout')];
  expect(await first.key()).toBe(await second.key());
  expect(keys.get('checkout')).toBe(await first.key());
});

test('a store that failed is asked again by the next intent', async () => {
  let full = true;
  const moa = moaWith({
    get: () => undefined,
    set: () => {
      if (full) throw new Error('the storage is full');
    },
    remove: () => undefined,
  });
  await expect(moa.intent('checkout').key()).rejects.toThrow('the storage is full');
  full = false;
  expect(await moa.intent('checkout').key()).toMatch(/^[0-9a-f]{32}$/);
});
