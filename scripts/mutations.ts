import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { MUTATIONS, type Mutation } from '../test/mutations/list.ts';

/**
 * Puts each fault of the list into a copy of the repository and runs the test that must fail:
 * `npm run mutations`, or `-- WORDS` for the faults whose name has the words. Exits with 1 when a
 * test does not fail, or fails with another message than the expected one.
 */

const ROOT = new URL('..', import.meta.url).pathname;
/** Large, or not part of the code. */
const NOT_COPIED = new Set(['node_modules', '.git', '.moa', 'dist']);
/** A fault may make a test wait for ever; no named test takes a minute on an idle machine. */
const TEST_TIMEOUT_MS = 240_000;

type Outcome = {
  /** `unclear`: the test failed, but perhaps because the machine is slow. */
  readonly kind: 'noticed' | 'survived' | 'unclear';
  readonly message: string;
};

/** What a test of vitest's report in JSON has. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const copyRepository = async (): Promise<string> => {
  const copy = await mkdtemp(join(tmpdir(), 'moa-mutations-'));
  await cp(ROOT, copy, {
    recursive: true,
    filter: (source) => source === ROOT || !NOT_COPIED.has(basename(source)),
  });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
};

/** Writes the changed files and returns what writes the original ones. */
const putIn = async (
  copy: string,
  { changes }: Pick<Mutation, 'changes'>,
): Promise<() => Promise<void>> => {
  const originals = new Map<string, string>();
  for (const { file, search, replacement } of changes) {
    const path = join(copy, file);
    const text = await readFile(path, 'utf8');
    if (text.split(search).length !== 2) throw new Error(`${file} does not have once: ${search}`);
    if (!originals.has(path)) originals.set(path, text);
    await writeFile(
      path,
      text.replace(search, () => replacement),
    );
  }
  return async () => {
    for (const [path, text] of originals) await writeFile(path, text);
  };
};

const runTest = async (
  copy: string,
  { file, name, message: expected }: Mutation['test'],
): Promise<Outcome> => {
  const reportPath = join(copy, 'report.json');
  await rm(reportPath, { force: true });
  const pattern = name.replaceAll(/[^\w\s,:;]/g, '.');
  const options = {
    '--testNamePattern': pattern,
    '--testTimeout': String(TEST_TIMEOUT_MS),
    '--reporter': 'json',
    '--outputFile': reportPath,
  };
  const program = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const vitest = spawn(
    process.execPath,
    [program, 'run', file, ...Object.entries(options).flat()],
    { cwd: copy, stdio: 'ignore' },
  );
  await once(vitest, 'exit');
  const report = JSON.parse(await readFile(reportPath, 'utf8')) as Report;
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const result = results.find(({ title }) => title === name);
  if (result?.status === 'passed') return { kind: 'survived', message: 'the test passed' };
  const [message = 'the test did not run'] = result?.failureMessages ?? [];
  const kind = message.includes(expected) ? 'noticed' : 'unclear';
  return { kind, message: message.split('\n', 1)[0] ?? '' };
};

const words = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ fault }) => words.every((word) => fault.includes(word)));
if (chosen.length === 0) throw new Error(`no fault has the words ${words.join(' ')}`);
const copy = await copyRepository();
try {
  for (const mutation of chosen) {
    const takeOut = await putIn(copy, mutation);
    const { file, name } = mutation.test;
    const { kind, message } = await runTest(copy, mutation.test);
    await takeOut();
    if (kind !== 'noticed') process.exitCode = 1;
    console.log(`${kind}: ${mutation.fault}\n  ${file}: ${name}\n  ${message}`);
  }
} finally {
  await rm(copy, { recursive: true, force: true });
}
