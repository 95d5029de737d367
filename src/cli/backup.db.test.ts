import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { createDataDirectory } from '../../test/support/embedded.ts';
import { createClient } from '../../test/support/client.ts';
import { openBusyShop, settle, type Load, type Sent } from '../../test/support/load.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { runCommand, type Run } from '../../test/support/run-command.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../../test/support/service.ts';
import {
  UnusableBackup,
  restoreBackup,
  writeBackup,
  type BackupOptions,
  type Manifest,
  type RestoreOptions,
} from '../backup/index.ts';
import { findEmbeddedSuperuser, startEmbedded } from '../postgres/index.ts';

const ENVIRONMENT = { MOA_DEMO: 'off', MOA_ANSWER_SECONDS: '60' };
const ORDERS_BEFORE = 100;

/** A folder for backups and restored directories. */
let place: string;
/** The data directory of a running shop, which was backed up while it sold. */
let selling: string;
let backup: string;
let made: Run;
/** The orders that were answered before the command began. */
let before: readonly Sent[];
let paidMeanwhile: number;

const paidOf = ({ sent }: Load): Sent[] => sent.filter(({ answer }) => answer?.status === 201);

const restore = (folder: string, directory: string) =>
  runCommand('restore', [folder], { MOA_DATA_DIR: directory });

/** The directory is the test's own, with its service's URL. */
const serve = async (directory: string) => {
  const { url, end } = await startTestService({ ...ENVIRONMENT, MOA_DATA_DIR: directory });
  return { client: createClient(url, await tokenFor(directory, 'service', 'shop')), end };
};

beforeAll(async () => {
  const ends: (() => Promise<void>)[] = [];
  const onEnd = (end: () => Promise<void>) => void ends.unshift(end);
  place = await temporaryDirectory(onEnd);
  selling = join(place, 'selling');
  backup = join(place, 'backups', 'monday');
  const service = await startTestService({ ...ENVIRONMENT, MOA_DATA_DIR: selling }, onEnd);
  const client = createClient(service.url, await tokenFor(selling, 'service', 'shop'));
  const load = (await openBusyShop(client))(client);
  await load.paid(ORDERS_BEFORE);
  before = paidOf(load);
  made = await runCommand('backup', [backup], { MOA_DATA_DIR: selling });
  paidMeanwhile = paidOf(load).length - before.length;
  await load.stop();
  return async () => {
    for (const end of ends) await end();
  };
});

const permissionsOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test('a backup has every order that was answered before it began, and sales go on', async () => {
  expect([made.exitCode, made.stderr]).toEqual([0, '']);
  expect(made.stdout).toMatch(/^\d+\.\d MB in \d+\.\d s\. To restore them: /);
  expect(made.stdout).toContain(`: MOA_DATA_DIR=NEW-DIRECTORY npm run restore -- ${backup}\n`);
  expect(await readdir(join(place, 'backups'))).toEqual(['monday']);
  expect(await permissionsOf(backup)).toBe(0o700);
  expect(before.length).toBeGreaterThanOrEqual(ORDERS_BEFORE);
  expect(paidMeanwhile).toBeGreaterThan(0);

  const { path: directory } = await createDataDirectory(join(place, 'restored'));
  const restored = await restore(backup, directory);
  expect([restored.exitCode, restored.stderr]).toEqual([0, '']);
  expect(restored.stdout).toMatch(/^L1 {2}ok /m);
  expect(restored.stdout).toContain(`To start the shop: MOA_DATA_DIR=${directory} npm start`);
  for (const file of ['postgres-password', 'keys/log-key.pem', 'keys/signing-key.json']) {
    const [own, copy] = await Promise.all(
      [selling, directory].map((each) => readFile(join(each, file), 'utf8')),
    );
    expect(copy).toBe(own);
    expect(await permissionsOf(join(directory, file))).toBe(0o600);
  }

  const { client, end } = await serve(directory);
  expect(await settle(client, before)).toMatchObject({ answered: before.length });
  const [{ key, body, answer } = before[0]!] = before;
  expect((await client.post('/v1/checkout', body, key)).text).toBe(answer?.text);
  expect((await client.post('/v1/checkout', body)).status).toBe(201);
  await end('SIGTERM');

  // Without a service, the command starts PostgreSQL itself.
  const second = join(place, 'backups', 'second');
  const again = await runCommand('backup', [second], { MOA_DATA_DIR: directory });
  expect([again.exitCode, again.stderr]).toEqual([0, '']);
  expect(await readdir(second)).toEqual(['data', 'manifest.json', 'manifest.sha256']);
});

/** Changes a file of the backup until the end of the test. */
const change = async (path: string, content: (before: Buffer) => Buffer): Promise<string> => {
  const file = join(backup, path);
  const original = await readFile(file);
  await writeFile(file, content(original));
  onTestFinished(() => writeFile(file, original));
  return file;
};

/** Removes or adds a file of the backup until the end of the test. */
const remove = async (path: string): Promise<void> => {
  await rename(join(backup, path), join(place, 'removed'));
  onTestFinished(() => rename(join(place, 'removed'), join(backup, path)));
};

/** Restores without the command. */
const restoreTo = async (dataDirectory: string, options: Partial<RestoreOptions> = {}) =>
  restoreBackup({
    folder: backup,
    dataDirectory,
    postgres: 18,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...options,
  });

/** Why a restore into a new directory is refused; the refusal leaves no directory behind. */
const refusalOf = async (options: Partial<RestoreOptions> = {}): Promise<string> => {
  const dataDirectory = join(place, 'refused');
  const refusal = await restoreTo(dataDirectory, options).then(
    () => 'restored',
    (error: unknown) => (error instanceof UnusableBackup ? error.message : String(error)),
  );
  expect(existsSync(dataDirectory)).toBe(false);
  return refusal;
};

test('a backup with a changed byte is refused, and the file is named', async () => {
  const file = await change('data/postgres/global/pg_control', (content) =>
    Buffer.concat([content.subarray(0, 100), Buffer.from([0xff]), content.subarray(101)]),
  );
  const directory = join(place, 'refused');
  const { exitCode, stdout, stderr } = await restore(backup, directory);
  expect([exitCode, stdout, stderr]).toEqual([1, '', `${file} was changed after the backup.\n`]);
  expect(existsSync(directory)).toBe(false);
});

test('a backup with a changed manifest is refused', async () => {
  const file = await change('manifest.json', (content) =>
    Buffer.concat([content, Buffer.from(' ')]),
  );
  expect(await refusalOf()).toBe(`${file} was changed after the backup.`);
});

test('a manifest cannot make a restore write elsewhere', async () => {
  const text = JSON.stringify({
    ...(JSON.parse(await readFile(join(backup, 'manifest.json'), 'utf8')) as Manifest),
    folders: [{ path: 'keys/../../elsewhere', mode: '0700' }],
  });
  const file = await change('manifest.json', () => Buffer.from(text));
  const digest = createHash('sha256').update(text).digest('hex');
  await change('manifest.sha256', () => Buffer.from(`${digest}  manifest.json\n`));
  expect(await refusalOf()).toBe(`${file} is not in the format of this version of Moa.`);
});

test('a backup without its manifest is refused, as one that was killed is', async () => {
  const missing = ' is not a complete backup: it has no manifest.json.';
  expect(await refusalOf({ folder: join(place, 'absent') })).toBe(
    `${join(place, 'absent')}${missing}`,
  );
  await remove('manifest.json');
  expect(await refusalOf()).toBe(`${backup}${missing}`);
});

test('a backup with a file less or more is refused', async () => {
  const more = join(backup, 'data/postgres/recovery.signal');
  await writeFile(more, '');
  expect(await refusalOf()).toBe(`${more} is not part of the backup.`);
  await rm(more);
  await remove('data/postgres/PG_VERSION');
  const less = join(backup, 'data/postgres/PG_VERSION');
  expect(await refusalOf()).toBe(`The backup is not complete: ${less} is missing.`);
});

test('a backup of another major version of PostgreSQL is refused', async () => {
  expect(await refusalOf({ postgres: 19 })).toMatch(/^The backup is of PostgreSQL 18, .* has 19\./);
});

test('a restore into a directory that is used is refused', async () => {
  const used = await temporaryDirectory();
  await writeFile(join(used, 'note'), 'mine');
  const [beside, over, wrong] = await Promise.all([
    restore(backup, selling),
    restore(backup, used),
    runCommand('restore', [], { MOA_DATA_DIR: used }),
  ]);
  expect([beside.exitCode, over.exitCode, wrong.exitCode]).toEqual([1, 1, 1]);
  expect(beside.stderr).toContain(`Moa already runs on ${selling}`);
  expect(over.stderr).toBe(`${used} is not empty. Set MOA_DATA_DIR to a new directory.\n`);
  expect(wrong.stderr).toContain('npm run restore -- FOLDER');
  expect(await readdir(used)).toEqual(['note']);
});

test('wrong parameters of a backup are refused with a message', async () => {
  const directory = await temporaryDirectory();
  const empty = join(directory, 'empty');
  const environment = { MOA_DATA_DIR: selling };
  const server = { ...environment, DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop' };
  const cases = [
    [[], environment, 'npm run backup -- FOLDER'],
    [['--fast', empty], environment, "Unknown option '--fast'"],
    [['/proc/backup'], environment, '/proc/backup'],
    [[empty], { MOA_DATA_DIR: directory }, 'There is no database in'],
    [[empty], server, 'pg_basebackup'],
  ] as const;
  for (const [parameters, given, message] of cases) {
    const { exitCode, stdout, stderr } = await runCommand('backup', parameters, given);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  }
  expect(await readdir(directory)).toEqual([]);
});

/** Backs up the running shop without the command. */
const backUp = async (folder: string, options: Partial<BackupOptions> = {}) =>
  writeBackup({
    dataDirectory: selling,
    superuserUrl: (await findEmbeddedSuperuser(selling))!,
    folder,
    version: '0',
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...options,
  });

test('a folder that is used, or in the data directory, stays as it was', async () => {
  const directory = await temporaryDirectory();
  const [used, file, link] = ['used', 'file', 'link'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(used);
  await writeFile(join(used, 'note'), 'mine');
  await writeFile(file, 'mine');
  await symlink(selling, link);
  await expect(backUp(used)).rejects.toThrow(`${used} is not empty`);
  await expect(backUp(file)).rejects.toThrow(`${file} is not a folder`);
  await expect(backUp(join(file, 'below'))).rejects.toThrow('ENOTDIR');
  for (const inside of [selling, join(selling, 'keys', 'backup'), join(link, 'backup')]) {
    await expect(backUp(inside)).rejects.toThrow('is in the data directory');
  }
  expect((await readdir(directory)).toSorted()).toEqual(['file', 'link', 'used']);
  expect(await readdir(used)).toEqual(['note']);
});

/** Runs statements one by one, in another process, while this one waits. */
const runSqlNow = (url: string, statements: readonly string[]): void => {
  const code = `
    import { Client } from 'pg';
    const client = new Client({ connectionString: ${JSON.stringify(url)} });
    await client.connect();
    for (const each of ${JSON.stringify(statements)}) await client.query(each);
    await client.end();`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', code]);
};

test('a backup has what is committed while it copies, whatever checkpoints remove', async () => {
  const superuserUrl = (await findEmbeddedSuperuser(selling))!;
  await queryColumn(superuserUrl, 'create table notes as select generate_series(1, 100) as n');
  onTestFinished(async () => void (await queryColumn(superuserUrl, 'drop table notes')));
  const directory = await temporaryDirectory();
  const [folder, dataDirectory] = [join(directory, 'backup'), join(directory, 'restored')];
  await backUp(folder, {
    onProgress: (done, total) => {
      if (done < total) return;
      const next = ['select pg_switch_wal()', 'checkpoint'];
      runSqlNow(superuserUrl, ['update notes set n = n + 1000', ...next, ...next]);
    },
  });
  await restoreTo(dataDirectory, { folder });
  const restored = await startEmbedded({ directory: dataDirectory, log: () => undefined });
  onTestFinished(restored.stop);
  const counted = 'select count(*) from notes where n > 1000';
  expect(await queryColumn(restored.superuserUrl, counted)).toEqual(['100']);
});

test('a restore of a damaged shop says so and exits with 1', async () => {
  const superuserUrl = (await findEmbeddedSuperuser(selling))!;
  const changeBy = (amount: number) =>
    queryColumn(superuserUrl, 'update wallet.wallets set balance = balance + $1', [amount]);
  const { path: directory } = await createDataDirectory(join(place, 'damaged'));
  const folder = join(place, 'backups', 'damaged');
  await changeBy(1);
  await backUp(folder).finally(() => changeBy(-1));
  const { exitCode, stdout } = await restore(folder, directory);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^W2 {2}BROKEN /m);
  expect(stdout).toContain(
    `The restored database in ${directory} is damaged: do not sell with it.`,
  );
});

test('an interrupted backup leaves nothing behind', async () => {
  const directory = await temporaryDirectory();
  const interruption = new AbortController();
  const seen: string[][] = [];
  const interrupted = backUp(join(directory, 'backup'), {
    onProgress: () => {
      seen.push(readdirSync(directory));
      interruption.abort(new Error('interrupted'));
    },
    signal: interruption.signal,
  });
  await expect(interrupted).rejects.toThrow('interrupted');
  // Until it is complete, a backup has another name.
  expect(seen).toEqual([[`backup.unfinished-${process.pid}`]]);
  expect(await readdir(directory)).toEqual([]);
});

test('an interrupted restore leaves nothing behind', async () => {
  const interruption = new AbortController();
  const onProgress = () => interruption.abort(new UnusableBackup('interrupted'));
  expect(await refusalOf({ onProgress, signal: interruption.signal })).toBe('interrupted');
});

test('a command that exits in the middle of a backup leaves nothing behind', async () => {
  const directory = await temporaryDirectory();
  const module = new URL('../backup/index.ts', import.meta.url).href;
  const options = {
    dataDirectory: selling,
    superuserUrl: await findEmbeddedSuperuser(selling),
    folder: join(directory, 'backup'),
    version: '0',
  };
  const code = `
    import { writeBackup } from ${JSON.stringify(module)};
    await writeBackup({
      ...${JSON.stringify(options)},
      onProgress: () => process.exit(3),
      signal: new AbortController().signal,
    });`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code]);
  expect(status).toBe(3);
  expect(await readdir(directory)).toEqual([]);
});

test('a backup fails when PostgreSQL ends its session', async () => {
  const directory = await temporaryDirectory();
  const superuserUrl = (await findEmbeddedSuperuser(selling))!;
  const end = `select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'moa backup'`;
  let ending: Promise<unknown> | undefined;
  const lost = backUp(join(directory, 'backup'), {
    onProgress: () => void (ending ??= queryColumn(superuserUrl, end)),
  });
  await expect(lost).rejects.toThrow('terminating connection');
  await ending;
  expect(await readdir(directory)).toEqual([]);
});
