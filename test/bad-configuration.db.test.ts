import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProduct, expectStatus, registerUsers } from './support/api-calls.ts';
import { createClient } from './support/client.ts';
import { assertInvariants, createTestDatabase } from './support/database.ts';
import {
  spawnTestService,
  startTestService,
  temporaryDirectory,
  tokenFor,
} from './support/service.ts';
import { waitUntil, withinTime } from './support/wait.ts';

test('a key file without a usable key is named before anything is started', async () => {
  const directory = await temporaryDirectory();
  const text = join(directory, 'text');
  await writeFile(text, 'no key');
  const nowhere = join(directory, 'nowhere');
  const cases = [
    ['MOA_SIGNING_KEY_FILE', nowhere, 'there is no signing key'],
    ['MOA_SIGNING_KEY_FILE', directory, 'EISDIR'],
    ['MOA_LOG_KEY_FILE', nowhere, 'ENOENT'],
    ['MOA_LOG_KEY_FILE', text, 'DECODER'],
  ] as const;
  const ends = cases.map(async ([name, file, reason]) => {
    const environment = { MOA_DATA_DIR: join(directory, name), MOA_PROCESSES: '2', [name]: file };
    const service = spawnTestService(environment);
    expect(await withinTime(service.ended, 'a failed start')).toBe(1);
    const [line = '', ...rest] = service.output().split('\n');
    expect(line.startsWith(`${name} names ${file}, which has no usable key: `)).toBe(true);
    expect([line.includes(reason), rest]).toEqual([true, ['']]);
  });
  await Promise.all(ends);
});

/** The charge of a wallet, a product and an order. */
const EVENTS = 3;

test('a Kafka that cannot be reached delays no sale, and its events wait for it', async () => {
  const databaseUrl = await createTestDatabase();
  const directory = await temporaryDirectory();
  const service = await startTestService({
    DATABASE_URL: databaseUrl,
    MOA_DATA_DIR: directory,
    MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
    MOA_KAFKA_URL: 'kafka://127.0.0.1:1/shop',
  });
  const shop = createClient(service.url, await tokenFor(directory, 'service', 'shop'));
  const staff = createClient(service.url, await tokenFor(directory, 'staff', 'staff'));
  const [userId] = await registerUsers(shop, 1, 1_000);
  const productId = await createProduct(shop, { price: 1, stock: 10 });
  const orderRequest = { userId, items: [{ productId, quantity: 1 }] };
  expectStatus(201, await shop.post('/v1/checkout', orderRequest));

  // The id of the Kafka of the environment.
  const path = '/v1/destinations/00000000-0000-8000-8000-000000000003/status';
  const look = async (): Promise<Record<string, unknown>> => (await staff.get(path)).body;
  await waitUntil(async () => JSON.stringify(await look()).includes('ECONNREFUSED'), 'the reason');
  expect(await look()).toMatchObject({ delivered: 0, pending: EVENTS });
  await assertInvariants(databaseUrl);
  expect(await service.end('SIGTERM')).toBe(0);
});
