import type { Intent, Result } from '@moa-commerce/client';
import { expect, test } from 'vitest';
import { settle } from './settle.ts';

type Answer = Result<string, { code: string }>;

const intentOf = () => {
  const intent = { done: false };
  const made: Intent = {
    name: 'refund',
    key: () => Promise.resolve('key'),
    done: () => {
      intent.done = true;
      return Promise.resolve();
    },
  };
  return { intent, made };
};

const isDoneAfter = async (send: () => Promise<Answer>): Promise<boolean> => {
  const { intent, made } = intentOf();
  await settle(made, send).catch(() => undefined);
  return intent.done;
};

const refusedWith = (code: string) => () =>
  Promise.resolve({ ok: false, problem: { code } } as Answer);

test('the key of a confirmed effect is forgotten when the outcome is known', async () => {
  const done = () => Promise.resolve({ ok: true, data: 'refunded', replayed: false } as Answer);
  expect(await isDoneAfter(done)).toBe(true);
  expect(await isDoneAfter(refusedWith('idempotency_key_reused'))).toBe(true);
});

test('a refused or lost request keeps its key', async () => {
  expect(await isDoneAfter(refusedWith('insufficient_stock'))).toBe(false);
  expect(await isDoneAfter(() => Promise.reject(new TypeError('lost')))).toBe(false);
});
