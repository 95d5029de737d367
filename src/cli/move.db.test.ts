import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProduct, expectStatus } from '../../test/support/api-calls.ts';
import { createClient } from '../../test/support/client.ts';
import { contentOf } from '../../test/support/content.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { createDataDirectory } from '../../test/support/embedded.ts';
import { findInstalled, startInstalled } from '../../test/support/installed-postgres.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../../test/support/service.ts';
import { startEmbedded } from '../postgres/index.ts';

/** The oldest PostgreSQL of this machine, or else the one of the tests. */
const createServer = async (): Promise<string> => {
  const installed = await findInstalled();
  return installed === undefined ? createTestDatabase('empty') : startInstalled(installed);
};

const serve = async (directory: string, environment: Readonly<Record<string, string>> = {}) => {
  const service = await startTestService({
    MOA_DEMO: 'off',
    MOA_DATA_DIR: directory,
    ...environment,
  });
  const client = createClient(service.url, await tokenFor(directory, 'service', 'shop'));
  const read = async (paths: readonly string[]): Promise<string[]> =>
    Promise.all(paths.map(async (path) => (await client.get(path)).text));
  const checkpoint = async (): Promise<string> =>
    (await fetch(`${service.url}/v1/log/checkpoint`)).text();
  return { client, read, checkpoint, stop: () => service.end('SIGTERM') };
};

const contentIn = async (directory: string): Promise<string[]> => {
  const database = await startEmbedded({ directory, log: () => undefined });
  try {
    return await contentOf(database.url);
  } finally {
    await database.stop();
  }
};

test('a moved shop goes on with the same wallets, orders, log and keys', async () => {
  const { path: directory } = await createDataDirectory();
  const target = await createServer();
  const old = await serve(directory);
  const { client } = old;
  expectStatus(201, await client.put('/v1/users/alice', { name: 'Alice' }));
  const wallet = '/v1/users/alice/wallet';
  expectStatus(201, await client.post(`${wallet}/charges`, { amount: 1_000 }));
  const productId = await createProduct(client, { price: 300, stock: 5 });
  const body = { userId: 'alice', items: [{ productId, quantity: 2 }] };
  const paid = expectStatus(201, await client.post('/v1/checkout', body, 'order-1'));
  const order = `/v1/orders/${String(paid.body['orderId'])}`;
  const paths = [wallet, `${wallet}/entries`, order, `${order}/receipt`];
  const before = [...(await old.read(paths)), await old.checkpoint()];

  const beside = await runCommand('move', [target], { MOA_DATA_DIR: directory });
  expect(beside).toMatchObject({ exitCode: 1, stdout: '' });
  expect(beside.stderr).toContain(`Moa already runs on ${directory}`);
  await old.stop();

  const content = await contentIn(directory);
  const moved = await runCommand('move', [], { MOA_DATA_DIR: directory, DATABASE_URL: target });
  expect([moved.exitCode, moved.stderr]).toEqual([0, '']);
  expect(moved.stdout).toMatch(
    /^\d+ rows of \d+ tables, in \d+\.\d s\. The audit of the target:\n/,
  );
  expect(moved.stdout).toContain(`MOA_DATA_DIR=${directory} npm start`);
  expect(await contentOf(target)).toEqual(content);
  // The source was only read.
  expect(await contentIn(directory)).toEqual(content);

  const server = { DATABASE_URL: target };
  const shop = await serve(directory, server);
  expect([...(await shop.read(paths)), await shop.checkpoint()]).toEqual(before);
  const file = join(directory, 'receipt.json');
  await writeFile(file, before[3]!);
  const environment = { MOA_DATA_DIR: directory, ...server };
  const { stdout: key } = await runCommand('receipt', ['key'], environment);
  const verified = await runCommand('receipt', ['verify', file, '--key', key.trim()]);
  expect([verified.exitCode, verified.stderr]).toEqual([0, '']);
  expect((await shop.client.post('/v1/checkout', body, 'order-1')).text).toBe(paid.text);
  const next = await shop.client.post('/v1/checkout', {
    ...body,
    items: [{ productId, quantity: 1 }],
  });
  expect([next.status, next.body['balance']]).toEqual([201, 100]);

  const again = await runCommand('move', [target], { MOA_DATA_DIR: directory });
  expect(again).toMatchObject({ exitCode: 1, stdout: '' });
  expect(again.stderr).toContain('The target has data of a shop already');
});

test('wrong parameters of a move are refused with a message', async () => {
  const directory = await temporaryDirectory();
  const { path: empty } = await createDataDirectory();
  const started = await startEmbedded({ directory: empty, log: () => undefined });
  await started.stop();
  const nowhere = 'postgres://shop:secret@127.0.0.1:1/shop';
  const cases = [
    [[], directory, 'npm run move -- postgres://'],
    [[nowhere, nowhere], directory, 'npm run move -- postgres://'],
    [['--force', nowhere], directory, "Unknown option '--force'"],
    [['mysql://127.0.0.1/shop'], directory, 'DATABASE_URL'],
    [[nowhere], directory, 'There is no database in'],
    [[nowhere], empty, 'does not have the migrations of this version'],
  ] as const;
  for (const [parameters, dataDirectory, message] of cases) {
    const refused = await runCommand('move', parameters, { MOA_DATA_DIR: dataDirectory });
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(message);
    expect(refused.stderr).not.toMatch(/ {4}at |secret/);
  }
});
