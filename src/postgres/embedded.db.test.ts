import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
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

/** A data directory that was used and stopped cleanly: copying it is faster than making one. */
let used: string;
/** Its first start, over which one had been killed half way, and the second. */
let first: EmbeddedDatabase;
let second: EmbeddedDatabase;

const makeDirectory = () => mkdtemp(join(tmpdir(), 'moa-embedded-'));

beforeAll(async () => {
  const directory = await makeDirectory();
  await mkdir(join(directory, 'postgres.new-12345'));
  await writeFile(join(directory, 'postgres.new-12345', 'PG_VERSION'), '18');
  await writeFile(join(directory, 'postgres-password'), 'of the one that was killed');
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

/** Starts on the directory; stopped when the test is over, unless the test did. */
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

/** A service of its own that starts a database and is then killed, and cannot stop anything. */
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

test('the second start on a directory finds what the first one left', async () => {
  expect(first.firstStart).toBe(true);
  expect(second.firstStart).toBe(false);
  expect(await readNotes(second)).toEqual(['1']);
});

test('a first start that was killed half way leaves nothing that disturbs the next one', async () => {
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

test('only this machine is served, and only who knows the password', async () => {
  const { url, superuserUrl } = second;
  expect(await queryColumn(superuserUrl, 'show listen_addresses')).toEqual(['127.0.0.1']);
  expect(await queryColumn(superuserUrl, 'show unix_socket_directories')).toEqual(['']);
  const guess = new URL(url);
  guess.password = 'guess';
  await expect(queryColumn(guess.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

test('a PostgreSQL that is killed runs again at the same address, with all that was committed', async () => {
  const directory = await createDirectory();
  const database = await start(directory);
  await addNote(database);
  const killed = await findPostmaster(clusterOf(directory));
  process.kill(killed!, 'SIGKILL');
  await waitUntil(() => database.logged.length === 2, 'PostgreSQL to run again');
  expect(database.logged).toEqual([
    'PostgreSQL is gone; starting it again',
    'PostgreSQL runs again',
  ]);
  expect(await findPostmaster(clusterOf(directory))).not.toBe(killed);
  expect(await readNotes(database)).toEqual(['1', '2']);
});

test('a stop that follows a kill at once ends, and gives the directory back', async () => {
  const directory = await createDirectory();
  const killed = await start(directory);
  await addNote(killed);
  process.kill((await findPostmaster(clusterOf(directory)))!, 'SIGKILL');
  await killed.stop();
  expect(await findPostmaster(clusterOf(directory))).toBeUndefined();
  expect(await readNotes(await start(directory))).toEqual(['1', '2']);
});

test('a PostgreSQL that outlived its service makes way for the next start', async () => {
  const directory = await createDirectory();
  const url = await startAndKill(directory);
  const orphan = await findPostmaster(clusterOf(directory));
  expect(orphan).toBeDefined();
  await addNote({ url });
  // Somebody still uses it, which must not keep the next one waiting.
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');

  const database = await start(directory);
  expect(database.firstStart).toBe(false);
  expect(await findPostmaster(clusterOf(directory))).not.toBe(orphan);
  expect(await readNotes(database)).toEqual(['1', '2']);
});

test('a stale process id does no harm, not even to another program that has it now', async () => {
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

test('of two starts at once, one runs and the other one is refused and names the directory', async () => {
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

test('a PostgreSQL that cannot start says why, and the directory is free again', async () => {
  const directory = await createDirectory();
  const main = join(clusterOf(directory), 'postgresql.conf');
  await appendFile(main, 'nonsense = on\n');
  await expect(start(directory)).rejects.toThrow(
    /PostgreSQL did not start\. .*postgres\.log says:\n.*nonsense/s,
  );
  lockDirectory(directory).release();
});
