import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { queryColumn } from '../../test/support/queries.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { DirectoryInUse, lockDirectory } from './directory-lock.ts';
import { startEmbedded, type EmbeddedDatabase } from './embedded.ts';
import { findPostmaster } from './postmaster.ts';

const MODULE = new URL('embedded.ts', import.meta.url).href;

const silent = (): void => undefined;

/** A used, cleanly stopped data directory; a copy is faster than a new cluster. */
let used: string;
/** The first start of the directory, after an interrupted one, and the second. */
let first: EmbeddedDatabase;
let second: EmbeddedDatabase;

const makeDirectory = () => mkdtemp(join(tmpdir(), 'moa-embedded-'));

beforeAll(async () => {
  const directory = await makeDirectory();
  await mkdir(join(directory, 'postgres.new-12345'));
  await writeFile(join(directory, 'postgres.new-12345', 'PG_VERSION'), '18');
  await writeFile(join(directory, 'postgres-password'), 'of an interrupted start');
  first = await startEmbedded({ directory, log: silent });
  await queryColumn(first.url, 'create table notes as select 1 as n');
  await first.stop();
  used = await makeDirectory();
  await cp(directory, used, { recursive: true });
  second = await startEmbedded({ directory, log: silent });
  return async () => {
    await second.stop();
    await rm(directory, { recursive: true });
    await rm(used, { recursive: true });
  };
});

const createDirectory = async (): Promise<string> => {
  const directory = await makeDirectory();
  await cp(used, directory, { recursive: true });
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
};

/** Starts on the directory; stops after the test unless the test stopped it. */
const start = async (directory: string) => {
  const logged: string[] = [];
  const database = await startEmbedded({ directory, log: (message) => logged.push(message) });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= database.stop());
  onTestFinished(stop);
  return { ...database, logged, stop };
};

const clusterOf = (directory: string): string => join(directory, 'postgres');

const addNote = ({ url }: Pick<EmbeddedDatabase, 'url'>) =>
  queryColumn(url, 'insert into notes select max(n) + 1 from notes returning n');

const readNotes = ({ url }: Pick<EmbeddedDatabase, 'url'>) =>
  queryColumn(url, 'select n from notes order by n');

/** A process that starts a database and is then killed, so that PostgreSQL keeps running. */
const startAndKill = async (directory: string): Promise<string> => {
  const code = `
    import { startEmbedded } from ${JSON.stringify(MODULE)};
    const { url } = await startEmbedded({
      directory: ${JSON.stringify(directory)},
      log: () => undefined,
    });
    process.stdout.write(url);
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await gone;
  return url.toString();
};

test('the second start on a directory finds the data of the first', async () => {
  expect(await readNotes(second)).toEqual(['1']);
});

test('an interrupted first start leaves nothing behind after the next start', async () => {
  expect((await readdir(used)).filter((name) => name.includes('new'))).toEqual([]);
});

test('a commit is durable', async () => {
  const settings = await queryColumn(
    second.url,
    `select name || ' ' || setting from pg_settings
     where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums')
     order by name`,
  );
  expect(settings).toEqual([
    'data_checksums on',
    'fsync on',
    'full_page_writes on',
    'synchronous_commit on',
  ]);
});

test('PostgreSQL listens only on this machine and requires the password', async () => {
  const { url, superuserUrl } = second;
  expect(await queryColumn(superuserUrl, 'show listen_addresses')).toEqual(['127.0.0.1']);
  expect(await queryColumn(superuserUrl, 'show unix_socket_directories')).toEqual(['']);
  const guess = new URL(url);
  guess.password = 'guess';
  await expect(queryColumn(guess.href, 'select 1')).rejects.toThrow(
    'password authentication failed',
  );
});

test('a killed PostgreSQL is restarted on the same port with all committed data', async () => {
  const directory = await createDirectory();
  const database = await start(directory);
  await addNote(database);
  const killed = await findPostmaster(clusterOf(directory));
  const log = join(directory, 'postgres.log');
  const written = await readFile(log, 'utf8');
  process.kill(killed!, 'SIGKILL');
  const isBack = () => database.logged.at(-1) === 'PostgreSQL is running again';
  await waitUntil(isBack, 'PostgreSQL to restart');
  // A start fails while a process of the killed one still runs, and is repeated.
  expect(database.logged[0]).toBe('PostgreSQL has stopped; restarting it');
  expect(await findPostmaster(clusterOf(directory))).not.toBe(killed);
  expect(await readNotes(database)).toEqual(['1', '2']);
  // What PostgreSQL has written before it stopped may say why it stopped.
  expect((await readFile(log, 'utf8')).startsWith(written)).toBe(true);
});

test('a log that has become long is kept apart from the next one', async () => {
  const directory = await createDirectory();
  const long = 'x'.repeat(11 * 1024 * 1024);
  await writeFile(join(directory, 'postgres.log'), long);
  await start(directory);
  expect((await stat(join(directory, 'postgres.log.old'))).size).toBe(long.length);
  expect((await stat(join(directory, 'postgres.log'))).size).toBeLessThan(long.length);
});

test('a stop directly after a kill ends and releases the directory', async () => {
  const directory = await createDirectory();
  const killed = await start(directory);
  await addNote(killed);
  process.kill((await findPostmaster(clusterOf(directory)))!, 'SIGKILL');
  await killed.stop();
  expect(await findPostmaster(clusterOf(directory))).toBeUndefined();
  expect(await readNotes(await start(directory))).toEqual(['1', '2']);
});

test('the next start stops a PostgreSQL that outlived its service', async () => {
  const directory = await createDirectory();
  const url = await startAndKill(directory);
  const orphan = await findPostmaster(clusterOf(directory));
  expect(orphan).toBeDefined();
  await addNote({ url });
  // An open transaction must not delay the next start.
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');

  const database = await start(directory);
  expect(await findPostmaster(clusterOf(directory))).not.toBe(orphan);
  expect(await readNotes(database)).toEqual(['1', '2']);
});

test('a stale process id does no harm, also if another program has that id now', async () => {
  const directory = await createDirectory();
  const pidFile = join(clusterOf(directory), 'postmaster.pid');
  const innocent = spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 1_000)']);
  const died = once(innocent, 'exit');
  onTestFinished(async () => {
    innocent.kill('SIGKILL');
    await died;
  });
  const stale = [innocent.pid, process.pid, ''];
  for (const pid of stale) {
    await writeFile(pidFile, `${pid}\n${clusterOf(directory)}\n1\n5432\n\n127.0.0.1\n`);
    const database = await startEmbedded({ directory, log: silent });
    expect(await readNotes(database), `process id ${pid}`).toEqual(['1']);
    await database.stop();
    expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
  }
});

test('of two concurrent starts one fails, with the directory in its error', async () => {
  const directory = await createDirectory();
  const starts = await Promise.allSettled([start(directory), start(directory)]);
  const [running] = starts.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const refusals = starts.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(refusals).toEqual([expect.any(DirectoryInUse)]);
  expect(String(refusals[0])).toContain(
    `Moa already runs on ${directory} (process ${process.pid})`,
  );
  expect(await readNotes(running!)).toEqual(['1']);
});

test('a start without a password leaves no PostgreSQL running', async () => {
  const directory = await createDirectory();
  await rm(join(directory, 'postgres-password'));
  await expect(start(directory)).rejects.toThrow('ENOENT');
  expect(await findPostmaster(clusterOf(directory))).toBeUndefined();
  lockDirectory(directory).release();
});

test('a failed start rejects with the log and releases the directory', async () => {
  const directory = await createDirectory();
  const main = join(clusterOf(directory), 'postgresql.conf');
  await appendFile(main, 'nonsense = on\n');
  await expect(start(directory)).rejects.toThrow(
    /PostgreSQL did not start\. .*postgres\.log says:\n.*nonsense/s,
  );
  lockDirectory(directory).release();
});
