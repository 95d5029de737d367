import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { temporaryDirectory } from '../../test/support/service.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { loadLogKey } from '../log/index.ts';
import { startSystem } from '../system.ts';

const FIXTURES = new URL('../../test/fixtures/', import.meta.url).pathname;
const RECEIPT = join(FIXTURES, 'receipt.json');
const KEY = join(FIXTURES, 'receipt.vkey');

const run = (options: readonly string[], environment?: Readonly<Record<string, string>>) =>
  runCommand('receipt', options, environment);

test('a receipt of a shop is verified with the key that the shop prints', async () => {
  const [url, directory] = [await createTestDatabase(), await temporaryDirectory()];
  const environment = { DATABASE_URL: url, MOA_DATA_DIR: directory };
  const before = await run(['key'], environment);
  expect(before).toMatchObject({ exitCode: 1, stdout: '' });
  expect(before.stderr).toContain('There is no key of a log');

  const loadKey = () => loadLogKey({ file: undefined, dataDirectory: directory });
  const system = startSystem(url, TEST_SETTINGS, { log: { loadKey } });
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  await call('putUser', { params: { userId: 'alice' } });
  await call('chargeWallet', { params: { userId: 'alice' }, body: { amount: 100_000 } });
  const product = { name: 'Mug', price: 1_000, stock: 50 };
  const { productId } = bodyOf(await call('createProduct', { body: product }));
  const body = { userId: 'alice', items: [{ productId, quantity: 2 }] };
  const { orderId } = bodyOf(await call('checkout', { body }));
  const receipt = bodyOf(await call('getReceipt', { params: { orderId } }));
  const file = join(directory, 'receipt.json');
  await writeFile(file, JSON.stringify(receipt));

  const key = await run(['key'], environment);
  expect(key.stdout).toMatch(/^urn:uuid:[0-9a-f-]{36}\+[0-9a-f]{8}\+\S+\n$/);
  const verified = await run(['verify', file, '--key', key.stdout.trim()]);
  expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
  expect(verified.stdout).toContain(`order     ${String(orderId)} of alice\n`);
  expect(verified.stdout).toContain('total     2000 KRW');
  const named = await run(['key'], { ...environment, MOA_EVENT_SOURCE: 'https://shop.example/' });
  expect(named.stdout).toMatch(/^shop\.example\+/);
});

test('the exit code says whether a receipt is genuine, is not, or was not checked', async () => {
  const directory = await temporaryDirectory();
  const forged = join(directory, 'forged.json');
  await writeFile(forged, '{}');
  const foreign = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const cases: readonly (readonly [readonly string[], number, string])[] = [
    [['verify', RECEIPT, '--key', KEY], 0, ''],
    [['verify', forged, '--key', KEY], 2, 'NOT genuine: the file is not a receipt'],
    [['verify', RECEIPT, '--key', foreign], 2, 'NOT genuine: the checkpoint is not signed'],
    [['verify', RECEIPT], 1, '--key is needed'],
    [['verify', join(directory, 'none'), '--key', KEY], 1, 'cannot read'],
    [['verify', RECEIPT, '--key', RECEIPT], 1, 'has no verifier key'],
    [['verify'], 1, 'npm run receipt -- verify FILE'],
    [[], 1, 'name what to do'],
  ];
  const runs = await Promise.all(cases.map(([options]) => run(options)));
  for (const [index, [, exitCode, message]] of cases.entries()) {
    expect(runs[index]).toMatchObject({ exitCode });
    expect(runs[index]?.stderr).toContain(message);
  }
});
