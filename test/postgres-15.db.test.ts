import { execFile } from 'node:child_process';
import { glob, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { openPool } from '../src/database/session.ts';
import { migrate } from '../src/database/migrate.ts';
import { createJournalReader } from '../src/journal/index.ts';
import { startSystem } from '../src/system.ts';
import { assertInvariants } from './support/database.ts';
import { bodyOf, createOperations } from './support/operations.ts';
import { queryColumn } from './support/queries.ts';
import { TEST_SETTINGS } from './support/settings.ts';

const run = promisify(execFile);

const OLDEST = 15;

/** PostgreSQL refuses to run as root; in a new user namespace root maps to another user. */
const AS_SOMEBODY = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'];

const runProgram = async (file: string, ...args: readonly string[]): Promise<string> => {
  const before = process.getuid?.() === 0 ? AS_SOMEBODY : [];
  const [command = file, ...all] = [...before, file, ...args];
  return (await run(command, all)).stdout;
};

interface Installed {
  readonly version: number;
  readonly folder: string;
}

/** The oldest installed PostgreSQL that Moa supports. */
const findInstalled = async (): Promise<Installed | undefined> => {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for await (const folder of glob('/usr/lib/postgresql/*/bin')) folders.push(folder);
  const found: Installed[] = [];
  for (const folder of folders) {
    const said = await run(join(folder, 'postgres'), ['--version']).catch(() => undefined);
    const version = Number(/\(PostgreSQL\) (\d+)/.exec(said?.stdout ?? '')?.[1]);
    if (version >= OLDEST) found.push({ version, folder });
  }
  return found.toSorted((a, b) => a.version - b.version)[0];
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Starts a cluster in a temporary directory; the end of the test stops it. */
const startCluster = async ({ folder }: Installed): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-postgres-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const cluster = join(directory, 'cluster');
  const port = await freePort();
  await runProgram(
    join(folder, 'initdb'),
    `--pgdata=${cluster}`,
    '--username=moa',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
  );
  const control = join(folder, 'pg_ctl');
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  const log = join(directory, 'log');
  await runProgram(
    control,
    'start',
    `--pgdata=${cluster}`,
    `--log=${log}`,
    `--options=${options}`,
    '--wait',
  );
  onTestFinished(async () => {
    await runProgram(control, 'stop', `--pgdata=${cluster}`, '--mode=fast', '--wait');
  });
  return `postgres://moa@127.0.0.1:${port}/postgres`;
};

test('a shop runs on the oldest supported PostgreSQL', async ({ skip, task }) => {
  const installed = await findInstalled();
  if (installed === undefined) {
    const reason = `no PostgreSQL ${OLDEST} or newer in /usr/lib/postgresql or the PATH`;
    if (process.env['CI']) throw new Error(reason);
    process.stdout.write(`not run: "${task.name}": ${reason}\n`);
    skip(reason);
    return;
  }
  process.stdout.write(`PostgreSQL ${installed.version} in ${installed.folder}\n`);
  const url = await startCluster(installed);
  expect(await queryColumn(url, 'show server_version_num')).toEqual([
    expect.stringMatching(new RegExp(`^${installed.version}`)),
  ]);
  await migrate(url);
  await sell(url);
  await assertInvariants(url);
});

/** Charges a wallet, sells, repeats the order with its key, and reads the results. */
const sell = async (url: string): Promise<void> => {
  const system = startSystem(url, TEST_SETTINGS);
  const call = createOperations(system.routes);
  const alice = { userId: 'alice' };
  try {
    await call('putUser', { params: alice, body: { name: 'Alice' } });
    await call('chargeWallet', { params: alice, body: { amount: 1_000 }, key: 'charge' });
    const tea = { name: '유자차', price: 300, stock: 5 };
    const { productId } = bodyOf(await call('createProduct', { body: tea }));
    const order = { ...alice, items: [{ productId, quantity: 2 }] };
    const paid = await call('checkout', { body: order, key: 'order' });
    expect(bodyOf(paid)).toMatchObject({ status: 'paid', total: 600, balance: 400 });
    const again = await call('checkout', { body: order, key: 'order' });
    expect(again).toEqual({ ...paid, replayed: true });

    const list = bodyOf(await call('listProducts'));
    expect(list['items']).toEqual([expect.objectContaining({ productId, stock: 3 })]);
    const entries = bodyOf(await call('listWalletEntries', { params: alice }));
    expect(entries['items']).toMatchObject([{ amount: -600 }, { amount: 1_000 }]);
  } finally {
    await system.close();
  }
  const pool = openPool(url, 1);
  const types = (await createJournalReader(pool).read(0, 10)).map(({ type }) => type);
  await pool.end();
  expect(types).toEqual([
    'wallet.opened.v1',
    'wallet.charged.v1',
    'product.created.v1',
    'order.paid.v1',
  ]);
};
