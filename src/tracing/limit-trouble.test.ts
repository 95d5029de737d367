import { expect, test } from 'vitest';
import { limitTrouble } from './index.ts';

test('trouble is reported once a minute, with the number of times in between', () => {
  let now = 0;
  const reported: string[] = [];
  const report = limitTrouble(
    (message) => reported.push(message),
    () => now,
  );
  for (now = 0; now < 180_000; now += 20_000) report(`at ${now}`);
  expect(reported).toEqual([
    'at 0',
    'at 60000 (and 2 times before)',
    'at 120000 (and 2 times before)',
  ]);
});
