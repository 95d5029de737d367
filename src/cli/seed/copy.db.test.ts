import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { copyRows, jsonField, textField, timeField } from './copy.ts';

const connect = async (): Promise<Client> => {
  const client = new Client({ connectionString: await createTestDatabase() });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('create temporary table a (note text, data json, time timestamptz(3))');
  await client.query('create temporary table b (n int primary key)');
  return client;
};

const AWKWARD = ['', '\\', '\\N', '\\.', 'a\tb', 'a\nb\r\n', '"', "'", '한국 🛒', '\u0001\u007f'];

test('any text, JSON and time is stored unchanged', async () => {
  const client = await connect();
  const time = new Date('2026-11-23T10:00:00.007Z');
  const lines = AWKWARD.map(
    (note) => `${textField(note)}\t${jsonField({ note, time })}\t${timeField(time)}\n`,
  );
  const last = `x\t${jsonField(AWKWARD)}\t${timeField(null)}\n`;
  const chunks = [...lines, last].map((line) => Buffer.from(line));
  await copyRows(client, [
    { target: 'a (note, data, time)', chunks },
    { target: 'b', chunks: [] },
  ]);
  const { rows } = await client.query('select note, data, time from a');
  const iso = time.toISOString();
  expect(rows).toEqual([
    ...AWKWARD.map((note) => ({ note, data: { note, time: iso }, time })),
    { note: 'x', data: AWKWARD, time: null },
  ]);
});

test('tables that are sent together are filled all or none', async () => {
  const client = await connect();
  const chunks = (text: string) => [Buffer.from(text)];
  const notes = { target: 'a (note)', chunks: chunks('x\ny\n') };
  const twice = copyRows(client, [notes, { target: 'b', chunks: chunks('1\n1\n') }, notes]);
  await expect(twice).rejects.toMatchObject({ code: '23505' });
  const count = 'select (select count(*) from a)::int as a, (select count(*) from b)::int as b';
  expect((await client.query(count)).rows).toEqual([{ a: 0, b: 0 }]);
  await copyRows(client, [{ target: 'b', chunks: chunks('1\n2\n') }, notes]);
  expect((await client.query(count)).rows).toEqual([{ a: 2, b: 2 }]);
});
