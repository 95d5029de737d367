import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { assertInvariants } from '../support/database.ts';
import { createDataDirectory } from '../support/embedded.ts';
import { openBusyShop, settle } from '../support/load.ts';
import { queryColumn } from '../support/queries.ts';
import { sampleSeeded } from '../support/seed.ts';
import { startTestService, tokenFor } from '../support/service.ts';
import { waitUntil } from '../support/wait.ts';

/** The time of a kill: after a number of orders, then at any point of a batch or two. */
const moment = fc.record({
  paid: fc.integer({ min: 1, max: 100 }),
  laterMs: fc.integer({ min: 0, max: 15 }),
});

/** The processes to kill, by round. */
const VICTIMS = ['service', 'service and database', 'service'] as const;

test('a killed service loses no answered order, and unanswered orders can be retried', async () => {
  const moments = sampleSeeded('service crash', moment, VICTIMS.length);
  const directory = await createDataDirectory();
  const token = await tokenFor(directory.path, 'service', 'shop');
  const start = async () => {
    const service = await startTestService({ MOA_DATA_DIR: directory.path, MOA_DEMO: 'off' });
    return { service, client: createClient(service.url, token) };
  };
  let { service, client } = await start();
  const startLoad = await openBusyShop(client);
  let sent = 0;

  for (const [round, { paid, laterMs }] of moments.entries()) {
    const load = startLoad(client);
    await load.paid(paid);
    await delay(laterMs);
    const postmaster = (await directory.postmaster())!;
    if (VICTIMS[round] === 'service and database') process.kill(postmaster, 'SIGKILL');
    expect(await service.end('SIGKILL')).toBe('SIGKILL');
    await load.ended;

    ({ service, client } = await start());
    const settlement = await settle(client, load.sent);
    process.stdout.write(`killed ${VICTIMS[round]}: ${JSON.stringify(settlement)}\n`);
    expect(settlement.hadEffect + settlement.hadNone).toBeGreaterThan(0);
    sent += load.sent.length;
  }

  const url = await directory.databaseUrl();
  expect(await queryColumn(url, 'select count(*) from orders.orders')).toEqual([String(sent)]);
  await assertInvariants(url);
  expect(await service.end('SIGTERM')).toBe(0);
  await waitUntil(async () => (await directory.postmaster()) === undefined, 'PostgreSQL to end');
});
