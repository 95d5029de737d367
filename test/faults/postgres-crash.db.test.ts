import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClient, type Answer } from '../support/client.ts';
import { assertInvariants } from '../support/database.ts';
import { createDataDirectory, type DataDirectory } from '../support/embedded.ts';
import { openBusyShop, settle } from '../support/load.ts';
import { queryColumn } from '../support/queries.ts';
import { sampleSeeded } from '../support/seed.ts';
import { startTestService, tokenFor } from '../support/service.ts';
import { tally, type Client } from '../support/api-calls.ts';

const moment = fc.record({
  paid: fc.integer({ min: 1, max: 100 }),
  laterMs: fc.integer({ min: 0, max: 15 }),
});

/** Orders that must be paid after a crash. */
const PAID_AFTERWARDS = 100;

const READ_EVERY_MS = 5;

/**
 * The processes to kill: the postmaster, or one backend, after which PostgreSQL restarts itself.
 */
const VICTIMS: readonly ((directory: DataDirectory) => Promise<number>)[] = [
  async ({ postmaster }) => (await postmaster())!,
  (directory) => backendOf(directory, 'moa lane'),
  (directory) => backendOf(directory, 'moa reads'),
];

const backendOf = async ({ databaseUrl }: DataDirectory, application: string): Promise<number> => {
  const find = 'select pid from pg_stat_activity where application_name = $1';
  const [pid] = await queryColumn(await databaseUrl(), find, [application]);
  return Number(pid);
};

/** Reads products, with pauses in which connections become idle, until the load ends. */
const readUntil = async (client: Client, over: Promise<unknown>): Promise<Answer[]> => {
  const answers: Answer[] = [];
  const isOver = over.then(() => true);
  do {
    answers.push(await client.get('/v1/products?limit=1'));
  } while (!(await Promise.race([isOver, delay(READ_EVERY_MS, false)])));
  return answers;
};

test('the service survives a kill of PostgreSQL and loses no answered order', async () => {
  const moments = sampleSeeded('PostgreSQL crash', moment, VICTIMS.length);
  const directory = await createDataDirectory();
  const token = await tokenFor(directory.path, 'service', 'shop');
  const service = await startTestService({ MOA_DATA_DIR: directory.path, MOA_DEMO: 'off' });
  const client = createClient(service.url, token);
  const startLoad = await openBusyShop(client);
  let sent = 0;

  for (const [round, { paid, laterMs }] of moments.entries()) {
    const load = startLoad(client);
    const reading = readUntil(client, load.ended);
    // If the service fails, the load reports it first.
    reading.catch(() => undefined);
    await load.paid(paid);
    const victim = await VICTIMS[round]!(directory);
    await delay(laterMs);
    process.kill(victim, 'SIGKILL');
    await load.paidMore(PAID_AFTERWARDS);
    await load.stop();

    const { 200: seen, '503 unavailable': missed = 0, ...others } = tally(await reading);
    expect([seen, others]).toEqual([expect.any(Number), {}]);
    const settlement = { ...(await settle(client, load.sent)), missedReads: missed };
    process.stdout.write(`${JSON.stringify(settlement)}\n`);
    sent += load.sent.length;
  }
  expect(service.output()).toContain('PostgreSQL is running again');

  const url = await directory.databaseUrl();
  expect(await queryColumn(url, 'select count(*) from orders.orders')).toEqual([String(sent)]);
  await assertInvariants(url);
  expect(await service.end('SIGTERM')).toBe(0);
});
