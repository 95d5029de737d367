import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findDuplicateName } from './duplicate-names.ts';

const find = (text: string): string | undefined => findDuplicateName(text, JSON.parse(text));

/** Names and strings with every text that looks like the end of a name. */
const piece = fc.oneof(fc.constantFrom('a', '":', '"', '":{"a":', '/', '~', ''), fc.string());
const value = fc.jsonValue({ depthSize: 'medium' });
const indent = fc.integer({ min: 0, max: 2 });

/**
 * The name that is one backslash. After an object with this name, JSON.parse of Node.js 24 reads
 * the name that is one quotation mark as a backslash.
 */
const BACKSLASH = String.raw`"\\":`;

describe('a duplicate name', () => {
  test.for([
    ['{"amount":1,"amount":5}', '/amount'],
    ['{"amount":1, "amount" \t\n: 5}', '/amount'],
    ['{"a":[0,{"b":{}},{"b":1,"c":[{}],"b":2}]}', '/a/2/b'],
    [String.raw`{"a":1,"\u0061":2}`, '/a'],
    ['{"a/b":{"~":1,"~":2}}', '/a~1b/~0'],
    ['{"":1,"":2}', '/'],
    [String.raw`{"text":"\":","x":1,"x":2}`, '/x'],
    ['[[{"a":1}],{"a":[{"a":1,"a":1}]}]', '/1/a/0/a'],
  ])('%s is found at %s', ([text, pointer]) => {
    expect(find(text!)).toBe(pointer);
  });

  test('is found in any JSON, and never where there is none', () => {
    fc.assert(
      fc.property(fc.dictionary(piece, value), piece, indent, (object, name, spaces) => {
        const text = JSON.stringify({ ...object, [name]: 1 }, undefined, spaces);
        fc.pre(!text.includes(BACKSLASH));
        expect(find(text)).toBeUndefined();
        const twice = `${text.slice(0, -1)},${JSON.stringify(name)}:2}`;
        expect(find(`[${twice}]`)).toMatch(/^\/0\//);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is searched without recursion', () => {
    const depth = 60_000;
    expect(find(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`)).toBeUndefined();
  });
});
