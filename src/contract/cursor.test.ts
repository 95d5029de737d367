import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts';
import { PageQuery, strictObject } from './schemas.ts';

const Place = Type.Tuple([Type.String({ maxLength: 200 }), Type.Integer({ minimum: 0 })]);

test('a cursor decodes to its place', () => {
  for (const name of ['', 'Mug', '머그컵', 'a "b" \\u0000 \\ \n\t', '🍎'.repeat(200)]) {
    expect(decodeCursor('list', Place, encodeCursor('list', [name, 7]))).toEqual([name, 7]);
  }
});

test('a list accepts the cursor of its longest place', () => {
  // A name has at most 200 characters of four bytes each, or of one byte and a backslash.
  for (const name of ['🍎', '"', '한', '\n'].map((character) => character.repeat(200))) {
    const cursor = encodeCursor('listProducts newest', [
      name,
      '01980000-0000-7000-8000-000000000000',
    ]);
    expect(Value.Check(strictObject(PageQuery), { cursor })).toBe(true);
  }
});

test('any other text is not a cursor', () => {
  const given = (text: string) => decodeCursor('l', Place, Buffer.from(text).toString('base64url'));
  expect(given('["l","x",1]')).toEqual(['x', 1]);
  for (const text of ['', '[', 'null', '[]', '{}', '{"0":"l"}', '1', '"l"', '["l"]', '["x",1]']) {
    expect(given(text)).toBeUndefined();
  }
  for (const place of ['"x"', '"x",-1', '"x",1.5', '1,"x"', '"x",1,2', '"a\\u0000b",1']) {
    expect(given(`["l",${place}]`)).toBeUndefined();
  }
  expect(given(JSON.stringify(['l', 'x'.repeat(201), 1]))).toBeUndefined();
  expect(decodeCursor('l', Place, 'not base64url!')).toBeUndefined();
});

test('a cursor of another list is not a cursor of this list', () => {
  expect(decodeCursor('l', Place, encodeCursor('m', ['x', 1]))).toBeUndefined();
});

test('a page has a cursor exactly when another page follows', () => {
  const rows = [1, 2, 3];
  const pageAt = (limit: number) =>
    pageOf(
      'list',
      rows,
      limit,
      (value) => ({ value }),
      (value) => [value],
    );
  expect(pageAt(3)).toEqual({
    items: [{ value: 1 }, { value: 2 }, { value: 3 }],
    nextCursor: null,
  });
  expect(pageAt(2)).toEqual({
    items: [{ value: 1 }, { value: 2 }],
    nextCursor: encodeCursor('list', [2]),
  });
  expect(
    pageOf(
      'list',
      [],
      2,
      () => ({}),
      () => [],
    ),
  ).toEqual({ items: [], nextCursor: null });
});
