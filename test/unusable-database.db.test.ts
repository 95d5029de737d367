import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { withClient } from '../src/database/client.ts';
import { migrate } from '../src/database/migrate.ts';
import { openPool, openSession } from '../src/database/session.ts';
import { UnusableDatabase } from '../src/database/unusable.ts';
import { SESSION_LIMITS } from './support/counter-commit.ts';
import { createTestDatabase } from './support/database.ts';
import { startPostgresProxy } from './support/postgres-proxy.ts';
import { queryColumn, runSql } from './support/queries.ts';
import { runCommand } from './support/run-command.ts';
import { spawnTestService, temporaryDirectory } from './support/service.ts';
import { startServiceHere } from './support/service-here.ts';
import { waitUntil, withinTime } from './support/wait.ts';

const changed = (url: string, change: (url: URL) => unknown): string => {
  const copy = new URL(url);
  change(copy);
  return copy.href;
};

/** The output of a start that fails with code 1. */
const failedStart = async (environment: Readonly<Record<string, string>>): Promise<string> => {
  const service = spawnTestService({ MOA_DATA_DIR: await temporaryDirectory(), ...environment });
  expect(await withinTime(service.ended, 'a failed start')).toBe(1);
  return service.output();
};

/** The errors of a command that fails with code 1. */
const failedCommand = async (
  name: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> => {
  const { exitCode, stderr } = await runCommand(name, options, environment);
  expect(exitCode).toBe(1);
  return stderr;
};

test.for([
  [
    'a wrong password',
    (url: URL): unknown => (url.password = 'wrong'),
    /^The database rejects the password of DATABASE_URL: password authentication failed .*$/,
  ],
  [
    'no password',
    (url: URL): unknown => (url.password = ''),
    /^The database cannot be reached: SASL: .*password must be a string$/,
  ],
  [
    'an unknown role',
    (url: URL): unknown => (url.username = 'nobody'),
    /^The database rejects the password of DATABASE_URL: .*"nobody"$/,
  ],
  [
    'an unknown database',
    (url: URL): unknown => (url.pathname = '/nowhere'),
    /^The database of DATABASE_URL does not exist: database "nowhere" does not exist$/,
  ],
  [
    'an unknown host',
    (url: URL): unknown => (url.hostname = 'nowhere.invalid'),
    /^The database cannot be reached: getaddrinfo (?:ENOTFOUND|EAI_AGAIN) nowhere\.invalid$/,
  ],
  [
    'a port without a server',
    (url: URL): unknown => (url.port = '1'),
    /^The database cannot be reached: .*ECONNREFUSED.*$/,
  ],
] as const)('%s is explained in one line', async ([, change, message]) => {
  const failed = migrate(changed(await createTestDatabase(), change));
  await expect(failed).rejects.toThrow(UnusableDatabase);
  await expect(failed).rejects.toThrow(message);
});

test('a server that accepts a connection and never answers is explained', async () => {
  const proxy = await startPostgresProxy(await createTestDatabase());
  proxy.silence();
  const failed = migrate(proxy.url);
  await expect(failed).rejects.toThrow(UnusableDatabase);
  await expect(failed).rejects.toThrow('The database cannot be reached: timeout expired');
});

/** AuthenticationSASL (PostgreSQL documentation, 54.7) with a mechanism that pg does not know. */
const UNKNOWN_MECHANISM = Buffer.from('R\0\0\0\x11\0\0\0\x0aUNKNOWN\0\0', 'latin1');

test.for<readonly [string, (url: string) => Promise<unknown>]>([
  ['of a lane', (url) => openSession(url, SESSION_LIMITS)],
  ['for reads', (url) => openPool(url, 1).query('select')],
  ['of a command', (url) => withClient({ connectionString: url }, async () => undefined)],
  [
    'that looks for the primary',
    (url) => openSession(url.replace(/127\S+(?=\/)/, '$&,$&'), SESSION_LIMITS),
  ],
])('a connection %s is closed when pg rejects the server', async ([, connect]) => {
  let [opened, open] = [0, 0];
  const server = createServer((socket) => {
    opened++;
    open++;
    socket.on('error', () => undefined);
    socket.on('close', () => open--);
    socket.once('data', () => socket.write(UNKNOWN_MECHANISM));
    onTestFinished(() => void socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await expect(connect(`postgres://moa:moa@127.0.0.1:${port}/moa`)).rejects.toThrow('SASL');
  expect(opened).toBeGreaterThan(0);
  await waitUntil(() => open === 0, 'the end of the connection');
});

test('a service and a command print such an explanation, without a stack', async () => {
  const url = await createTestDatabase();
  const DATABASE_URL = changed(url, (copy) => (copy.password = 'wrong'));
  const outputs = await Promise.all([
    failedStart({ DATABASE_URL }),
    failedCommand('audit', [], { DATABASE_URL }),
  ]);
  for (const output of outputs) {
    expect(output).toMatch(/^The database rejects the password of DATABASE_URL: .*\n$/);
  }
});

test('a role that may not create schemas is told so in one line', async () => {
  const url = await createTestDatabase('empty');
  const name = new URL(url).pathname.slice(1);
  const owner = new URL(url).username;
  await runSql(url, `revoke create on database ${name} from ${owner}`);
  await expect(migrate(url)).rejects.toThrow(
    /^The role of DATABASE_URL must be allowed to create .*: permission denied .*$/,
  );
});

test('a database keeps its first currency; a process or command with another is refused', async () => {
  const DATABASE_URL = await createTestDatabase();
  const environment = { DATABASE_URL, MOA_DATA_DIR: await temporaryDirectory() };
  const euro = { ...environment, MOA_CURRENCY: 'EUR' };
  const first = await startServiceHere(euro);
  const message =
    'The amounts in this database are in EUR, but MOA_CURRENCY is KRW. ' +
    'Set MOA_CURRENCY=EUR, or use another database.\n';
  const outputs = await Promise.all([
    failedStart(environment),
    failedCommand('seed', ['--orders', '1'], environment),
    failedCommand('rebuild', ['best-sellers'], environment),
  ]);
  expect(outputs).toEqual([message, message, message]);
  await startServiceHere(euro);
  expect(await queryColumn(DATABASE_URL, 'select currency from moa.settings')).toEqual(['EUR']);
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
});
