import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFileDatabase } from '../../test/support/database.ts';
import { gatherStatements } from './gather.ts';
import { column, int4Element } from './array.ts';
import { batch } from './statement.ts';

let client: Client;
beforeAll(async () => {
  client = new Client({ connectionString: await createFileDatabase() });
  await client.connect();
  await client.query('create temporary table odd (n int primary key, twice int)');
  await client.query('create temporary table even (n int primary key)');
});
afterAll(() => client.end());

interface Row {
  readonly n: number;
  readonly twice: number;
}

const insertOdd = batch<Row>({
  name: 'gather_test.InsertOdd',
  text: 'insert into odd select * from unnest($1::int[], $2::int[])',
  encode: (rows) => [
    column(rows, (row) => row.n, int4Element),
    column(rows, (row) => row.twice, int4Element),
  ],
});
const insertEven = batch<Pick<Row, 'n'>>({
  name: 'gather_test.InsertEven',
  text: 'insert into even select * from unnest($1::int[])',
  encode: (rows) => [column(rows, (row) => row.n, int4Element)],
});

const stored = async (): Promise<unknown> => {
  const { rows } = await client.query(
    'select n, twice from odd union all select n, null from even order by n',
  );
  return rows;
};

test('gathered statements run as one statement with separate parameters', async () => {
  const writes = gatherStatements();
  await insertOdd(writes.db, [
    { n: 1, twice: 2 },
    { n: 3, twice: 6 },
  ]);
  await insertEven(writes.db, [{ n: 2 }]);
  expect(await stored()).toEqual([]);
  await writes.send(client);
  expect(await stored()).toEqual([
    { n: 1, twice: 2 },
    { n: 2, twice: null },
    { n: 3, twice: 6 },
  ]);
  const { rows } = await client.query(
    `select 1 from pg_prepared_statements where statement like 'with w0 as (insert%'`,
  );
  expect(rows).toHaveLength(1);
});

test('if one gathered statement fails, none has an effect', async () => {
  const writes = gatherStatements();
  await insertEven(writes.db, [{ n: 4 }]);
  await insertOdd(writes.db, [{ n: 1, twice: 2 }]);
  const before = await stored();
  await expect(writes.send(client)).rejects.toThrow('odd_pkey');
  expect(await stored()).toEqual(before);
});
