import { expect, test } from 'vitest';
import { idIn } from './id.ts';

const ID = '0197a3c0-5d00-7000-8000-00000000abcd';

test('an id is found in upper case, with spaces and with the mark of a number around it', () => {
  expect(idIn(ID)).toBe(ID);
  expect(idIn(` ${ID.toUpperCase()} `)).toBe(ID);
  expect(idIn(`  #${ID.toUpperCase()}\n`)).toBe(ID);
});

test.each(['', 'mug', ID.slice(-8), `${ID}0`])('%j is not an id', (text) => {
  expect(idIn(text)).toBeUndefined();
});
