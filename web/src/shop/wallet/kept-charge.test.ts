import { expect, test } from 'vitest';
import { CHARGE_MS, chargeName, chargeOf, createCharges, type KeptCharge } from './kept-charge.ts';

const NOW = Date.parse('2026-01-05T09:30:00.000Z');
const newId = (): string => 'new';
const kept: KeptCharge = { userId: 'alice', id: 'old', pressed: { amount: 10_000, at: NOW } };

test('a charge that was pressed keeps its key for five minutes', () => {
  expect(chargeOf(kept, 'alice', NOW + CHARGE_MS - 1, newId)).toBe(kept);
  expect(chargeOf(kept, 'alice', NOW + CHARGE_MS, newId)).toStrictEqual({
    userId: 'alice',
    id: 'new',
  });
});

test('a charge that was not pressed keeps its key', () => {
  const unpressed = { userId: 'alice', id: 'old' };
  expect(chargeOf(unpressed, 'alice', NOW, newId)).toBe(unpressed);
});

test('another user begins a charge of their own', () => {
  expect(chargeOf(kept, 'bob', NOW, newId)).toStrictEqual({ userId: 'bob', id: 'new' });
  expect(chargeName(kept)).not.toBe(chargeName({ ...kept, userId: 'bob' }));
});

test('a press of the future is not sent: the clock was set back', () => {
  expect(chargeOf(kept, 'alice', NOW - 1, newId).id).toBe('new');
});

test('a charge survives in the storage, and nonsense is none', () => {
  const values = new Map<string, string>();
  const charges = createCharges({
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
  });
  expect(charges.read()).toBeUndefined();
  charges.write(kept);
  expect(charges.read()).toStrictEqual(kept);
  expect(charges.isByShop()).toBe(false);
  charges.noteByShop();
  expect(charges.isByShop()).toBe(true);
  values.set('moa:charge', '{');
  expect(charges.read()).toBeUndefined();
});
