import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DirectoryInUse, lockDirectory } from './directory-lock.ts';

const MODULE = new URL('directory-lock.ts', import.meta.url).href;

const createDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-lock-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
};

/** Another process that holds the lock of a directory until it is killed. */
const lockElsewhere = async (directory: string) => {
  const code = `
    import { lockDirectory } from ${JSON.stringify(MODULE)};
    lockDirectory(${JSON.stringify(directory)});
    process.stdout.write('locked');
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  await once(child.stdout, 'data');
  return { pid: child.pid, kill };
};

test('a directory can be locked again only after its release', async () => {
  const directory = await createDirectory();
  const lock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
  lock.release();
  lockDirectory(directory).release();
});

test('the error names the directory, the process that locks it, and a remedy', async () => {
  const directory = await createDirectory();
  const { pid } = await lockElsewhere(directory);
  expect(() => lockDirectory(directory)).toThrow(
    new DirectoryInUse(
      `Moa already runs on ${directory} (process ${pid}). ` +
        'Stop it first, or set MOA_DATA_DIR to another directory.',
    ),
  );
});

test('the end of a killed process releases its directory', async () => {
  const directory = await createDirectory();
  const { kill } = await lockElsewhere(directory);
  await kill();
  const lock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(`(process ${process.pid})`);
  lock.release();
});

test('two directories are locked independently', async () => {
  const locks = [await createDirectory(), await createDirectory()].map(lockDirectory);
  expect(locks).toHaveLength(2);
  for (const lock of locks) lock.release();
});
