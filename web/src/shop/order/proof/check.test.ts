import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { checkFile } from './check.ts';

const read = (name: string): Promise<string> =>
  readFile(new URL(`../../../../../test/fixtures/${name}`, import.meta.url), 'utf8');

const [file, key] = await Promise.all([
  read('receipt.json'),
  read('receipt.vkey').then((text) => text.trim()),
]);
const ORDER = {
  orderId: '0197a3c0-5d00-7000-8000-000000000002',
  userId: 'alice',
  total: 34_500,
  currency: 'KRW',
};

test('a genuine receipt of the order proves it, with the fingerprint of the key', async () => {
  expect(await checkFile(file, key, ORDER)).toMatchObject({
    kind: 'proven',
    verdict: { origin: 'shop.example/moa', treeSize: 300, event: { data: ORDER } },
    key: { text: key },
    file,
  });
});

test('a genuine receipt of another order, user, total or currency proves nothing', async () => {
  const others = [
    { orderId: '0197a3c0-5d00-7000-8000-000000000003' },
    { userId: 'bob' },
    { total: 34_501 },
    { currency: 'USD' },
  ];
  for (const other of others) {
    const rejected = { kind: 'rejected', fault: 'another_order' };
    expect(await checkFile(file, key, { ...ORDER, ...other })).toEqual(rejected);
  }
});

test('a changed receipt and a mistyped key are rejected', async () => {
  const faultOf = async (text: string, verifierKey = key) => {
    const outcome = await checkFile(text, verifierKey, ORDER);
    return outcome.kind === 'rejected' ? outcome.fault : outcome.kind;
  };
  expect(await faultOf(file.replace('34500', '34501'))).toBe('not_included');
  expect(await faultOf(file.replace('300\\n', '301\\n'))).toBe('not_signed');
  expect(await faultOf('{}')).toBe('not_a_receipt');
  expect(await faultOf(file, key.replace('+7dc5', '+7dc6'))).toBe('unreadable_key');
});

test('a page without Web Crypto says so', async () => {
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true });
  try {
    const missing = { kind: 'missing', what: 'web_crypto' };
    expect(await checkFile(file, key, ORDER)).toEqual(missing);
  } finally {
    Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true });
  }
});
