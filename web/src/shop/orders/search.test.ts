import { expect, test } from 'vitest';
import { ORDER_STATUSES, statusIn } from './search.ts';

test('every status of an order can stand in the address', () => {
  expect(ORDER_STATUSES.map(statusIn)).toStrictEqual([...ORDER_STATUSES]);
});

test('another word in the address shows all orders', () => {
  for (const text of [undefined, '', 'PAID', 'constructor', 'paid,pending'])
    expect(statusIn(text)).toBeUndefined();
});
