import { execFile } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { freePort, notAsRoot } from '../../src/postgres/index.ts';
import { temporaryDirectory } from './service.ts';

const run = promisify(execFile);

/** The oldest version that Moa supports. */
export const OLDEST = 15;

const runProgram = async (file: string, ...args: readonly string[]): Promise<string> => {
  const [command, all] = notAsRoot(file, args);
  return (await run(command, all)).stdout;
};

interface Installed {
  readonly version: number;
  readonly folder: string;
}

/** The oldest installed PostgreSQL that Moa supports. */
export const findInstalled = async (): Promise<Installed | undefined> => {
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

/** Starts a cluster in a temporary directory; the end of the test stops it. Returns its URL. */
export const startInstalled = async ({ folder }: Installed): Promise<string> => {
  const directory = await temporaryDirectory();
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
