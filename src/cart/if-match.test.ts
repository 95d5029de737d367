import { expect, test } from 'vitest';
import { parseIfMatch } from './if-match.ts';

test('a missing If-Match and "*" allow any version', () => {
  for (const header of [undefined, '*', ' *\t']) expect(parseIfMatch(header)).toBe('any');
});

test.for([
  ['"3"', [3]],
  ['"0"', [0]],
  ['"2", "3"', [2, 3]],
  ['"2","3"', [2, 3]],
  [' ,\t"2" ,, "3", ', [2, 3]],
  ['"a,b", "3"', [3]],
  ['W/"3", "3"', [3]],
  ['"\u00ff\u0080", "3"', [3]],
  ['""', []],
  ['"03"', []],
  ['"3\u00e9"', []],
  ['"*"', []],
  // A weak tag never matches strongly, not even itself (RFC 9110 §8.8.3.2).
  ['W/"3"', []],
  ['W/"3", "4"', [4]],
] as const)('%j allows the versions %j', ([header, versions]) => {
  expect(parseIfMatch(header)).toEqual(versions);
});

test.for([
  '',
  ' ',
  ',',
  '3',
  '"3',
  '3"',
  "'3'",
  'w/"3"',
  'W/3',
  'W / "3"',
  '"3" "4"',
  '"3"4',
  '"3";"4"',
  '"3", 4',
  '"3", *',
  '*, "3"',
  '**',
  '"3 "',
  '"\u007f"',
  '"\n"',
  '"\u0100"',
])('%j is not a valid If-Match', (header) => {
  expect(parseIfMatch(header)).toBeUndefined();
});

test('a long list with an invalid end is refused in linear time', () => {
  for (const part of [', ', ',', ' ', '"a", ', '"', 'W/"']) {
    expect(parseIfMatch(`${part.repeat(16_384 / part.length)}x`)).toBeUndefined();
  }
});
