import { describe, expect, test } from 'vitest';
import { parseSqlFile } from './sql-file.ts';

const parse = (sql: string) => parseSqlFile('queries.sql', `-- name: Find :one\n${sql}`)[0]!;

describe('parameters', () => {
  test('are numbered in order; the same name has the same number', () => {
    const { text, params } = parse('select :b::int + :aName?::int + :b;');
    expect(text).toBe('select $1::int + $2::int + $1');
    expect(params).toEqual([
      { name: 'b', nullable: false },
      { name: 'aName', nullable: true },
    ]);
  });

  test.each([
    "':a'",
    "'it''s :a'",
    String.raw`E'\' :a'`,
    '":a"',
    '$$ :a $$',
    '$tag$ $$ :a $tag$',
    'x::a',
    'f(x := 1)',
    'y[1 : n]',
  ])('are not found in %s', (sql) => {
    expect(parse(`select ${sql};`)).toMatchObject({ text: `select ${sql}`, params: [] });
  });

  test('do not include operators that begin with a question mark', () => {
    expect(parse('select :doc?|:keys;').text).toBe('select $1?|$2');
    expect(parse('select :doc ? :key;').text).toBe('select $1 ? $2');
  });

  test.each([
    ['select :a_b;', ':a_b is not camelCase'],
    ['select $1;', '$1 must be a named parameter'],
  ])('in another form are rejected: %s', (sql, message) => {
    expect(() => parse(sql)).toThrow(`queries.sql:1: Find: ${message}`);
  });
});

describe('comments', () => {
  test('are read from below the name and removed from the text', () => {
    const { comment, text } = parse(
      '-- Why: `:it`.\n--\n-- More.\nselect 1, -- :one\n  -- a line\n  2 /* :three */;\n-- The end.\n',
    );
    expect(comment).toBe('Why: `:it`.\n\nMore.');
    expect(text).toBe('select 1,\n  2');
  });

  test('inside a string belong to the string', () => {
    expect(parse("select '\n-- a', '/* b */';").text).toBe("select '\n-- a', '/* b */'");
  });
});

describe('a file', () => {
  test('can have many statements, each with its line', () => {
    const sql = '-- About.\n\n-- name: A :exec\nselect 1;\n\n-- name: B :batch\nselect :b;\n';
    expect(parseSqlFile('queries.sql', sql)).toMatchObject([
      { name: 'A', kind: 'exec', line: 3, text: 'select 1' },
      { name: 'B', kind: 'batch', line: 6, text: 'select $1' },
    ]);
  });

  test.each([
    ['select 1;', 'queries.sql:1: "select 1;" is not "-- name: <Name> :one|many|exec|batch"'],
    ['-- name: A :all\nselect 1;', 'queries.sql:1: "-- name: A :all" is not'],
    ['-- name: a :one\nselect 1;', 'queries.sql:1: "-- name: a :one" is not'],
    ['-- name: A :one\nselect 1', 'queries.sql:1: A does not end with a semicolon'],
    ['-- name: A :one\n-- Nothing.\n', 'queries.sql:1: A does not end with a semicolon'],
    ['-- name: A :one\nselect 1;\n-- name: A :one\nselect 1;', 'queries.sql:3: A appears twice'],
  ])('with %j is rejected', (sql, message) => {
    expect(() => parseSqlFile('queries.sql', sql)).toThrow(message);
  });
});
