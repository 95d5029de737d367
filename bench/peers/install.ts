import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Peer } from './peer.ts';
import { runProgram } from './program.ts';

/** A peer that is installed and built. */
export interface Installation {
  readonly folder: string;
  readonly version: string;
}

interface Options {
  /** The folder with an installation of each peer. */
  readonly cache: string;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Two gigabytes over a slow line take longer than any build. */
const INSTALL_MS = 30 * 60_000;
const BUILD_MS = 5 * 60_000;
const LOCK = 'package-lock.json';
/** Say of which files the installation and the build are complete. */
const INSTALLED = 'installed.txt';
const BUILT = 'built.txt';

/** The Node.js that runs Moa comes first, also for what a program starts. */
export const environmentOf = (peer: Peer): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:npm_(?!config_)|NODE_OPTIONS$|DATABASE_)/.test(name),
    ),
  ),
  PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
  NODE_ENV: 'production',
  ...peer.environment,
});

/** Installs the exact versions of the lock file and builds, unless that was done before. */
export const installPeer = async (
  peer: Peer,
  { cache, log, signal }: Options,
): Promise<Installation> => {
  const source = new URL(`${peer.folder}/`, import.meta.url).pathname;
  const folder = join(cache, peer.folder);
  await mkdir(folder, { recursive: true });
  await cp(source, folder, { recursive: true });
  const common = { folder, env: environmentOf(peer), log: join(folder, 'install.log'), signal };
  await unlessDone(join(folder, INSTALLED), await hashOf(source, [LOCK]), async () => {
    log(`${peer.name}: install with npm, once; this takes minutes`);
    const args = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
    await runProgram({ ...common, command: 'npm', args }, INSTALL_MS);
  });
  await unlessDone(join(folder, BUILT), await hashOf(source, await readdir(source)), async () => {
    for (const args of peer.build) {
      log(`${peer.name}: build`);
      await runProgram({ ...common, command: process.execPath, args }, BUILD_MS);
    }
  });
  const manifest = join(folder, 'node_modules', peer.package, 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  return { folder, version };
};

/** Does the work unless the mark says that it was done for the same files. */
const unlessDone = async (mark: string, hash: string, work: () => Promise<void>): Promise<void> => {
  if ((await readFile(mark, 'utf8').catch(() => '')) === hash) return;
  await rm(mark, { force: true });
  await work();
  await writeFile(mark, hash);
};

/** Changes when one of the files does, or the major version of Node.js. */
const hashOf = async (folder: string, names: readonly string[]): Promise<string> => {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const name of names.toSorted()) {
    hash.update(name).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex');
};
