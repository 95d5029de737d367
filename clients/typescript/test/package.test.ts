import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
/** What the package depends on. */
const DEPENDENCIES = ['openapi-fetch', 'openapi-typescript-helpers'];

/** The output of a program on Node.js; what `tsc` complains about is on standard output. */
const run = (...args: string[]): Promise<string> =>
  promisify(execFile)(process.execPath, args).then(
    ({ stdout }) => stdout,
    (error: unknown) => Promise.reject(new Error((error as { stdout: string }).stdout)),
  );
const tsc = (...args: string[]) => run(join(MODULES, 'typescript/bin/tsc'), ...args);

/** A folder in which the built package is installed, with its dependencies alone. */
const install = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'moa-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const modules = join(folder, 'node_modules');
  const target = join(modules, '@moa-commerce/client');
  await mkdir(target, { recursive: true });
  await cp(join(PACKAGE, 'package.json'), join(target, 'package.json'));
  for (const name of DEPENDENCIES) await symlink(join(MODULES, name), join(modules, name));
  await tsc('--project', PACKAGE, '--outDir', join(target, 'dist'));
  return folder;
};

const PROGRAM = `
import { createMoa, type Order } from '@moa-commerce/client';

const moa = createMoa({
  url: 'http://moa.test',
  fetch: async () => Response.json({ code: 'insufficient_balance', balance: 1, required: 3 }, { status: 409 }),
});
const result = await moa.checkout({ cart: true });
if (!result.ok && result.problem.code === 'insufficient_balance') {
  const { required, balance } = result.problem;
  console.log(required.toFixed(1), balance.toFixed(1));
}
export const totalOf = ({ total }: Order): number => total;
`;

/** The types of browsers, none of Node.js; every declaration is checked. */
const BROWSER = ['--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--types', ''];
const STRICT = ['--strict', '--skipLibCheck', 'false', '--ignoreConfig'];

test('the built package runs as JavaScript and has types for browsers', async () => {
  const folder = await install();
  const program = join(folder, 'program.mts');
  await writeFile(program, PROGRAM);
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    const how = ['--module', module, '--moduleResolution', resolution];
    await tsc(...how, ...BROWSER, ...STRICT, program);
  }
  expect(await run(join(folder, 'program.mjs'))).toBe('3.0 1.0\n');

  const wrong = join(folder, 'wrong.mts');
  await writeFile(wrong, PROGRAM.replace('cart: true', 'cart: 1'));
  await expect(tsc('--noEmit', ...BROWSER, ...STRICT, wrong)).rejects.toThrow('TS2322');
});
