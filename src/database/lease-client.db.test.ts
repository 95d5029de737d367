import { beforeAll, expect, test } from 'vitest';
import { createFileDatabase } from '../../test/support/database.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { openLeaseClient } from './lease-client.ts';

let url: string;
beforeAll(async () => {
  url = await createFileDatabase('empty');
});

const NAME = 'moa lease test';
/** The error of a statement on a lost connection. */
const LOST = /terminated|not queryable/;

const untilClosed = () =>
  waitUntil(async () => {
    const open = 'select count(*) from pg_stat_activity where application_name = $1';
    return (await queryColumn(url, open, [NAME]))[0] === '0';
  }, 'the end of the connection');

const open = (begin?: string) =>
  openLeaseClient(url, {
    name: NAME,
    answerMs: 2_000,
    onNotification: () => undefined,
    ...(begin === undefined ? {} : { begin: (client) => client.query(begin) }),
  });

test('a connection whose answer is late is lost, and its locks are released', async () => {
  const { client, connected } = await open('select pg_advisory_lock(1)');
  await client.query('select pg_sleep(0.1)');
  expect(connected()).toBe(true);
  const late = client.query('select pg_sleep(4)');
  const connectedThen = late.then(
    () => true,
    () => connected(),
  );
  await expect(late).rejects.toThrow('Query read timeout');
  expect(await connectedThen).toBe(false);
  await expect(client.query('select')).rejects.toThrow(LOST);
  await untilClosed();
});

test('a connection that PostgreSQL ends is lost', async () => {
  const { client, connected } = await open();
  const end = 'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1';
  await queryColumn(url, end, [NAME]);
  await waitUntil(() => !connected(), 'the loss');
  await expect(client.query('select')).rejects.toThrow(LOST);
});

test('a connection whose first statement fails is closed', async () => {
  await expect(open('select 1 / 0')).rejects.toThrow('division by zero');
  await untilClosed();
});
