import { expect, test } from 'vitest';
import { isMet, parseIfMatch } from './if-match.ts';

test('any version meets a missing If-Match and "*"', () => {
  for (const header of [undefined, '*', ' *\t']) {
    const precondition = parseIfMatch(header)!;
    expect(precondition).toBe('any');
    expect([0, 1, 7].map((version) => isMet(precondition, version))).toEqual([true, true, true]);
  }
});

test.for([
  ['"3"', true],
  ['"2", "3"', true],
  ['"2","3"', true],
  [' ,\t"2" ,, "3", ', true],
  ['"a,b", "3"', true],
  ['W/"3", "3"', true],
  ['"\u00ff\u0080", "3"', true],
  ['"4"', false],
  ['""', false],
  ['"03"', false],
  ['"3\u00e9"', false],
  ['"*"', false],
  // A weak tag never matches strongly, not even itself (RFC 9110 §8.8.3.2).
  ['W/"3"', false],
  ['W/"3", "4"', false],
] as const)('%j is met by version 3: %j', ([header, met]) => {
  expect(isMet(parseIfMatch(header)!, 3)).toBe(met);
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
