import { expect, test } from 'vitest';
import { bodyOf } from './new-key.ts';

test('a key has what the form has, and expires after its last local day', () => {
  const form = { name: ' Desk ', role: 'service', userId: ' ', lastDay: '' } as const;
  expect(bodyOf(form)).toEqual({ name: 'Desk', role: 'service' });
  expect(bodyOf({ ...form, userId: 'alice', lastDay: '2026-12-31' })).toEqual({
    name: 'Desk',
    role: 'service',
    userId: 'alice',
    expiresAt: new Date(2027, 0, 1).toISOString(),
  });
});
