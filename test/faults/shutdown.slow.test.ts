import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { openBusyShop, settle } from '../support/load.ts';
import { queryColumn } from '../support/queries.ts';
import { sampleSeeded } from '../support/seed.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../support/service.ts';
import { withinTime } from '../support/wait.ts';

const ROUNDS = 2;

test('a service that is told to stop answers every order that it carries out', async () => {
  const moments = sampleSeeded('shutdown', fc.integer({ min: 1, max: 400 }), ROUNDS);
  const databaseUrl = await createTestDatabase();
  const directory = await temporaryDirectory();
  const token = await tokenFor(directory, 'service', 'shop');
  const start = async () => {
    const environment = { DATABASE_URL: databaseUrl, MOA_DATA_DIR: directory };
    const service = await startTestService(environment);
    return { service, client: createClient(service.url, token) };
  };
  const countOrders = () => queryColumn(databaseUrl, 'select count(*) from orders.orders');
  let { service, client } = await start();
  const startLoad = await openBusyShop(client);
  let sent = 0;

  for (const paid of moments) {
    const load = startLoad(client);
    await load.paid(paid);
    expect(await service.end('SIGTERM')).toBe(0);
    await withinTime(load.ended, 'the end of the load');

    // While it stopped, it either paid an order and said so or never saw it.
    const statuses = load.sent.map(({ answer }) => answer?.status);
    const answered = statuses.filter((status) => status === 201).length;
    expect(new Set(statuses)).toEqual(new Set([201, undefined]));
    expect(await countOrders()).toEqual([String(sent + answered)]);

    ({ service, client } = await start());
    const settlement = await settle(client, load.sent);
    process.stdout.write(`stopped: ${JSON.stringify(settlement)}\n`);
    expect(settlement).toMatchObject({ answered, hadEffect: 0 });
    sent += load.sent.length;
  }

  expect(await countOrders()).toEqual([String(sent)]);
  await assertInvariants(databaseUrl);
});
