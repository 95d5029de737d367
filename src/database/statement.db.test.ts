import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFileDatabase } from '../../test/support/database.ts';
import { column, int4Element, nullableElement, textElement } from './array.ts';
import * as statement from './statement.ts';

const { toArray, toBoolean, toDate, toJson, toSafeInteger } = statement;

let client: Client;
beforeAll(async () => {
  client = new Client({ connectionString: await createFileDatabase() });
  await client.connect();
});
afterAll(() => client.end());

describe('values of columns', () => {
  test('a bigint beyond the safe integers is rejected', () => {
    expect(toSafeInteger('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => toSafeInteger('9007199254740992')).toThrow(RangeError);
    expect(() => toSafeInteger('-9223372036854775808')).toThrow(RangeError);
  });

  test('a time is read in any time zone, and a time without a Date is rejected', () => {
    const times = ['2026-01-02 03:04:05+00', '2026-01-02 12:04:05+09', '2026-01-01 23:34:05-03:30'];
    for (const time of times) expect(toDate(time).toISOString()).toBe('2026-01-02T03:04:05.000Z');
    expect(toDate('2026-01-02 03:04:05.123456+00').getUTCMilliseconds()).toBe(123);
    for (const time of [
      'infinity',
      '-infinity',
      '0044-03-15 00:00:00+00 BC',
      '12026-01-02 00:00:00+00',
    ]) {
      expect(() => toDate(time)).toThrow(RangeError);
    }
  });

  test('booleans and JSON are read', () => {
    expect([toBoolean('t'), toBoolean('f')]).toEqual([true, false]);
    expect(toJson('{"a": [1, null]}')).toEqual({ a: [1, null] });
  });

  test('nested, shifted and null arrays are rejected', () => {
    expect(toArray('{1,2}', Number)).toEqual([1, 2]);
    expect(toArray('{}', Number)).toEqual([]);
    for (const array of ['{1,NULL}', '{{1,2},{3,4}}', '[0:1]={1,2}']) {
      expect(() => toArray(array, Number)).toThrow(RangeError);
    }
  });
});

describe('statements', () => {
  const find = statement.one<{ key: number }, number>({
    name: 'statement_test.Find',
    text: 'select n from generate_series(1, 3) as n where n >= $1::int order by n',
    encode: ({ key }) => [key],
    decode: ([n]) => Number(n),
  });

  test(':one returns the first row or undefined', async () => {
    expect(await find(client, { key: 2 })).toBe(2);
    expect(await find(client, { key: 4 })).toBeUndefined();
  });

  test('a statement without parameters takes only the connection', async () => {
    const count = statement.many<void, number>({
      name: 'statement_test.Count',
      text: 'select n from generate_series(1, 3) as n',
      encode: () => [],
      decode: ([n]) => Number(n),
    });
    expect(await count(client)).toEqual([1, 2, 3]);
  });

  test(':exec and :batch return the number of changed rows', async () => {
    await client.query('create temporary table notes (id int, note text)');
    const insert = statement.batch<{ id: number; note: string | null }>({
      name: 'statement_test.Insert',
      text: 'insert into notes select * from unnest($1::int[], $2::text[])',
      encode: (rows) => [
        column(rows, (row) => row.id, int4Element),
        column(rows, (row) => row.note, nullableElement(textElement)),
      ],
    });
    const remove = statement.exec<{ id: number }>({
      name: 'statement_test.Remove',
      text: 'delete from notes where id <= $1',
      encode: ({ id }) => [id],
    });
    const three = [1, 2, 3].map((id) => ({ id, note: id === 2 ? null : 'NULL' }));
    expect(await insert(client, three)).toBe(3);
    expect(await insert(client, [])).toBe(0);
    expect(await remove(client, { id: 2 })).toBe(2);
  });

  test('a statement is prepared once per connection', async () => {
    await find(client, { key: 1 });
    await find(client, { key: 1 });
    const { rows } = await client.query('select 1 from pg_prepared_statements where name = $1', [
      'statement_test.Find',
    ]);
    expect(rows).toHaveLength(1);
  });
});
