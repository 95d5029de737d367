import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, type TestContext } from 'vitest';
import { createClient } from '../support/client.ts';
import { assertInvariants } from '../support/database.ts';
import { createDataDirectory } from '../support/embedded.ts';
import { openBusyShop, settle } from '../support/load.ts';
import { queryColumn } from '../support/queries.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../support/service.ts';
import { tally } from '../support/api-calls.ts';
import { waitUntil } from '../support/wait.ts';

const run = promisify(execFile);

/** Just enough for a new cluster and its first log files. */
const DISK_BYTES = 320 * 1024 * 1024;
const PAID_AFTERWARDS = 100;

/** Mounts a small disk; skips the test where the user may not mount. */
const mountDisk = async ({ task, skip }: TestContext): Promise<string> => {
  const path = join(await temporaryDirectory(), 'disk');
  await mkdir(path);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', path]);
  } catch {
    const reason = 'this user may not mount a file system';
    process.stdout.write(`not run: "${task.name}": ${reason}\n`);
    skip(reason);
  }
  onTestFinished(() => run('umount', ['--lazy', path]).then(() => undefined));
  return path;
};

/** Writes a file until the disk is full. */
const fillDisk = async (file: string): Promise<void> => {
  const ballast = await open(file, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) await ballast.write(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await ballast.close();
  }
};

test('a full disk causes 503 until there is room, and no order is lost', async (context) => {
  const disk = await mountDisk(context);
  const directory = await createDataDirectory(join(disk, 'data'));
  const token = await tokenFor(directory.path, 'service', 'shop');
  const service = await startTestService({ MOA_DATA_DIR: directory.path, MOA_DEMO: 'off' });
  const client = createClient(service.url, token);
  const startLoad = await openBusyShop(client);
  const load = startLoad(client);
  await load.paid(100);

  const ballast = join(disk, 'ballast');
  await fillDisk(ballast);
  const refused = () => load.sent.filter(({ answer }) => answer?.status === 503).length;
  const earlier = await directory.databaseUrl();
  await waitUntil(async () => {
    // The next order needs another file of PostgreSQL's log; a spare one may be left.
    await queryColumn(earlier, 'select pg_switch_wal()').catch(() => undefined);
    return refused() > 100;
  }, 'rejected orders');
  await waitUntil(
    async () => (await client.get('/readyz')).status === 503,
    'a service that is not ready',
  );
  await rm(ballast);
  await load.paidMore(PAID_AFTERWARDS);
  await load.stop();
  await waitUntil(
    async () => (await client.get('/readyz')).status === 200,
    'a service that is ready',
  );

  const answers = load.sent.flatMap(({ answer }) => answer ?? []);
  process.stdout.write(`${JSON.stringify(tally(answers))}\n`);
  expect(answers.every(({ status }) => status === 201 || status === 503)).toBe(true);
  await settle(client, load.sent);
  const url = await directory.databaseUrl();
  const count = await queryColumn(url, 'select count(*) from orders.orders');
  expect(count).toEqual([String(load.sent.length)]);
  await assertInvariants(url);
  expect(await service.end('SIGTERM')).toBe(0);
});
