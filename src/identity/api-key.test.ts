import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKey, keyHashIn } from './api-key.ts';

test('a key has a mark, 32 random characters and a checksum', () => {
  const keys = Array.from({ length: 1_000 }, createKey);
  for (const { key, keyHash, prefix } of keys) {
    expect(key).toMatch(/^moa_[0-9A-Za-z]{38}$/);
    expect(prefix).toBe(key.slice(0, 8));
    expect(keyHash).toBe(createHash('sha256').update(key).digest('base64url'));
    expect(keyHashIn(`Bearer ${key}`)).toBe(keyHash);
  }
  expect(new Set(keys.map(({ key }) => key.slice(4, 36))).size).toBe(1_000);
  expect(new Set(keys.map(({ key }) => key.slice(4, 36)).join('')).size).toBe(62);
});

test('anything else than a key has no hash', () => {
  const { key, keyHash } = createKey();
  expect(keyHashIn(`bearer ${key}`)).toBe(keyHash);
  const other = key.endsWith('0') ? '1' : '0';
  const texts = [
    undefined,
    '',
    key,
    'Bearer',
    'Bearer moa_',
    'Bearer a.b.c',
    `Basic ${key}`,
    `Bearer  ${key}`,
    `Bearer ${key} `,
    `Bearer ${key}\n`,
    `Bearer ${key}0`,
    `Bearer ${key.slice(0, -1)}`,
    `Bearer ${key.slice(0, -1)}${other}`,
    `Bearer ${key.toUpperCase()}`,
    `Bearer MOA_${key.slice(4)}`,
    `Bearer moa_${'x'.repeat(38)}`,
  ];
  for (const text of texts) expect([text, keyHashIn(text)]).toEqual([text, undefined]);
});
