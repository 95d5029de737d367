import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createDataDirectory } from '../../test/support/embedded.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { startEmbedded } from '../postgres/index.ts';

const MODULE = new URL('command-database.ts', import.meta.url).href;

/** A command that prints the database's URL and ends after its standard input. */
const PROGRAM = `
  import { text } from 'node:stream/consumers';
  const { withSharedDatabase } = await import(${JSON.stringify(MODULE)});
  await withSharedDatabase({ dataDirectory: process.argv[1] }, async (url) => {
    console.log(url);
    await text(process.stdin);
  });`;

test('a command that has started PostgreSQL stops it once no other command works in it', async () => {
  const { path, postmaster } = await createDataDirectory();
  await (await startEmbedded({ directory: path, log: () => undefined })).stop();

  const options = ['--input-type=module', '--eval', PROGRAM, path];
  const command = spawn(process.execPath, options, { stdio: 'pipe' });
  onTestFinished(() => void command.kill('SIGKILL'));
  const ended = once(command, 'close');
  let printed = '';
  command.stderr.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const [url] = (await once(command.stdout.setEncoding('utf8'), 'data')) as [string];
  const connectionString = url.trim();
  const idle = new Client({ connectionString, application_name: 'psql' });
  idle.on('error', () => undefined);
  await idle.connect();
  const backup = new Client({ connectionString, application_name: 'moa backup' });
  await backup.connect();

  command.stdin.end();
  await waitUntil(() => printed !== '', 'a message');
  expect(printed).toBe('PostgreSQL stops when these programs have finished: moa backup\n');
  expect((await backup.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await backup.end();
  expect(await ended).toEqual([0, null]);
  expect(await postmaster()).toBeUndefined();
});
