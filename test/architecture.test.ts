import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { listFiles, readFiles, type RepositoryFile } from './support/repository.ts';

const GENERATED = /\.gen\.ts$|^db\/schema\.sql$/;
const TESTS = /\.test\.ts$|^test\//;
const THIS_FILE = 'test/architecture.test.ts';

const LINES_MAX = 400;
const COLUMNS_MAX = 100;

const typescript = (await readFiles(/\.tsx?$/)).filter(({ path }) => !GENERATED.test(path));
const sources = typescript.filter(({ path }) => path.startsWith('src/') && !TESTS.test(path));

/** The violations of a rule and the remedy; empty without violations. */
const complaint = (violations: readonly string[], instead: string): string =>
  violations.length === 0 ? '' : [...violations, `Instead: ${instead}`].join('\n');

/** The matching lines, as `path:line: text`. */
const linesLike = (
  files: readonly RepositoryFile[],
  matches: (line: string) => boolean,
): string[] =>
  files.flatMap(({ path, content }) =>
    content
      .split('\n')
      .flatMap((line, index) => (matches(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );

const withoutStrings = (line: string): string =>
  line.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''");

const withoutComments = (content: string): string =>
  content
    .split('\n')
    .map((line) => (/^\s*(?:\/\/|\/?\*)/.test(line) ? '' : line))
    .join('\n');

// The folders of src that each folder may import. The files directly in src and the commands are
// roots: they connect the parts, so they may import everything.
const ROOTS = new Set(['', 'cli']);
const EVERY_MODULE = ['contract', 'commit', 'journal', 'database'];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  database: [],
  tracing: [],
  postgres: [],
  backup: ['database', 'postgres'],
  move: ['database'],
  processes: [],
  keys: [],
  commit: ['database', 'tracing'],
  contract: ['commit'],
  journal: ['commit', 'database'],
  identity: [...EVERY_MODULE, 'wallet', 'keys'],
  cart: [...EVERY_MODULE, 'wallet', 'catalog'],
  order: [...EVERY_MODULE, 'wallet', 'catalog', 'cart'],
  bestseller: [...EVERY_MODULE, 'catalog'],
  report: EVERY_MODULE,
  log: [...EVERY_MODULE, 'receipt', 'keys'],
  // The pages of the shop import it too.
  receipt: [],
  delivery: [...EVERY_MODULE, 'tracing'],
  demo: ['database', 'image'],
  image: ['contract', 'commit', 'database'],
  stream: [...EVERY_MODULE, 'wallet', 'catalog', 'order'],
  shop: ['commit', 'journal', 'wallet', 'catalog', 'cart', 'order'],
  audit: [...EVERY_MODULE, 'shop', 'log'],
  history: [...EVERY_MODULE, 'catalog', 'order', 'shop', 'delivery'],
  'sign-in': ['contract', 'database'],
  // It starts services as programs and calls them over HTTP.
  verify: ['database', 'audit', 'identity'],
  http: ['contract', 'database', 'identity', 'sign-in', 'tracing'],
};

interface Import {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  /** The path of the imported file, from the root. */
  readonly target: string;
}

const folderOf = (path: string): string => /^src\/([^/]+)\//.exec(path)?.[1] ?? '';

const importsOf = ({ path, content }: RepositoryFile): Import[] =>
  [...content.matchAll(/(?:\bfrom|^import|\bimport\() ?'(\.[^']+)'/gm)]
    .map(([, relative = '']) => posix.join(posix.dirname(path), relative))
    .filter((target) => target.startsWith('src/'))
    .map((target) => ({ path, from: folderOf(path), to: folderOf(target), target }));

/** The file without the imports that Node.js leaves out. */
const withoutTypes = (file: RepositoryFile | undefined): RepositoryFile => ({
  path: file?.path ?? '',
  content: (file?.content ?? '').replaceAll(/^(?:import|export) type [^;]*;$/gm, ''),
});

test('imports have one direction: roots, modules, then commit, journal, database', () => {
  const wrong = sources
    .flatMap(importsOf)
    .filter(({ from, to }) => from !== to && !ROOTS.has(from))
    .filter(({ from, to }) => !(MAY_IMPORT[from] ?? EVERY_MODULE).includes(to))
    .map(({ path, target }) => `${path} imports ${target}`);
  expect(
    complaint(
      wrong,
      'let a root (main.ts, system.ts …) pass the dependency as an argument, or move the ' +
        'shared part to a folder below; see docs/architecture.md, "Which part may use which".',
    ),
  ).toBe('');
});

test('code that only tests use is in the folder test', () => {
  const helpers = sources.filter(({ path }) => /(?:^|\/)test-[^/]*$/.test(path));
  const importers = sources.filter(({ content }) => /'(?:\.\.\/)+test\//.test(content));
  const wrong = [...helpers, ...importers].map(({ path }) => path);
  expect(complaint(wrong, 'move it to test/support, under a name that describes it.')).toBe('');
});

test('other folders import a module only through its index.ts, or its core.ts', async () => {
  const doors = new Set((await listFiles('src')).filter((path) => path.endsWith('/index.ts')));
  const wrong = typescript
    .filter(({ path }) => !path.startsWith('test/'))
    .flatMap(importsOf)
    .filter(({ from, to }) => from !== to)
    .filter(({ to }) => doors.has(`src/${to}/index.ts`))
    .filter(({ target }) => !/^src\/[^/]+\/(?:index|core)\.ts$/.test(target))
    .map(({ path, target }) => `${path} imports ${target}`);
  expect(
    complaint(wrong, 'import from the index.ts of that folder, and add the missing export there.'),
  ).toBe('');
});

// The folders of src/delivery, and the files outside of each that may import it.
const DELIVERY_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  kafka: ['src/delivery/destination.ts'],
  nats: ['src/delivery/destination.ts'],
  webhook: ['src/delivery/destination.ts'],
  routes: ['src/delivery/delivery.ts', 'src/delivery/index.ts'],
};

test('the kinds of destinations and the routes to them do not import each other', () => {
  const imports = sources.flatMap(importsOf);
  const wrong = Object.entries(DELIVERY_FOLDERS).flatMap(([name, importers]) => {
    const isInside = (path: string): boolean => path.startsWith(`src/delivery/${name}/`);
    return imports
      .filter(({ path, target }) => isInside(target) && !isInside(path))
      .filter(({ path }) => !importers.includes(path))
      .map(({ path, target }) => `${path} imports ${target}`);
  });
  expect(complaint(wrong, 'move what both use to src/delivery.')).toBe('');
});

test('the threads load no schema of a request', async () => {
  const contents = new Map(typescript.map((file) => [file.path, file]));
  const loadedBy = (path: string, seen = new Map<string, string>()): Map<string, string> => {
    const file = contents.get(path);
    for (const { target } of file === undefined ? [] : importsOf(withoutTypes(file))) {
      if (seen.has(target)) continue;
      seen.set(target, path);
      loadedBy(target, seen);
    }
    return seen;
  };
  const threads = sources.filter(({ path }) => path.endsWith('-worker.ts'));
  expect(threads.length).toBeGreaterThan(1);
  const wrong = threads.flatMap(({ path: thread }) =>
    [...loadedBy(thread)]
      .filter(([path]) => /from 'typebox/.test(withoutTypes(contents.get(path)).content))
      .map(([path, importer]) => `${thread} loads ${path}, which ${importer} imports`),
  );
  expect(
    complaint(wrong, 'import core.ts of the module: a thread has a copy of all that it loads.'),
  ).toBe('');
});

test('only a service that exports telemetry loads OpenTelemetry', () => {
  const door = 'src/tracing/index.ts';
  const loads = (path: string): boolean =>
    path.startsWith('src/tracing/') && !path.endsWith('.test.ts') && path !== door;
  const wrong = sources
    .map(withoutTypes)
    .filter(({ path, content }) => /'@opentelemetry\//.test(content) && !loads(path))
    .map(({ path }) => path);
  const opens = withoutTypes(sources.find(({ path }) => path === door));
  if (/^import /m.test(opens.content)) wrong.push(door);
  expect(
    complaint(wrong, `let ${door} import it dynamically, and use the types of src/tracing.`),
  ).toBe('');
});

/** The imports that are part of a circle, or between two circles. */
const circlesOf = (imports: readonly Pick<Import, 'path' | 'target'>[]): readonly string[] => {
  let left = imports;
  for (let before = Infinity; left.length < before;) {
    before = left.length;
    const importing = new Set(left.map(({ path }) => path));
    const imported = new Set(left.map(({ target }) => target));
    // An import whose file is not imported, or whose target imports nothing, is in no circle.
    left = left.filter(({ path, target }) => importing.has(target) && imported.has(path));
  }
  return left.map(({ path, target }) => `${path} imports ${target}`);
};

test('no file of src imports itself through others, not even a type', () => {
  const inSrc = typescript.filter(({ path }) => path.startsWith('src/'));
  expect(
    complaint(
      circlesOf(inSrc.flatMap(importsOf)),
      'move the shared part, often a type, to the file that depends less on the other.',
    ),
  ).toBe('');
});

test('no folder inside a part imports itself through others', () => {
  const isInside = (folder: string): boolean => folder.split('/').length > 2;
  const circles = circlesOf(
    sources
      .flatMap(importsOf)
      .filter(({ from, to }) => from === to)
      .map(({ path, target }) => ({ path: posix.dirname(path), target: posix.dirname(target) }))
      .filter(({ path, target }) => path !== target && isInside(path) && isInside(target)),
  );
  expect(
    complaint([...new Set(circles)], 'move what both need to the folder that both are in.'),
  ).toBe('');
});

test('the group commit does not mention the domain', async () => {
  const domain = /wallet|product(?!i)|stock|\bcarts?\b|\borders\b|\border[A-Z]|(?<!In)Order/;
  const files = await readFiles(/^src\/commit\/.*\.(?:ts|sql)$/);
  expect(
    complaint(
      linesLike(files, (line) => domain.test(line)),
      'use commands, rows, keys and effects; their meaning belongs to a module.',
    ),
  ).toBe('');
});

test(`no file has more than ${LINES_MAX} lines`, async () => {
  const long = (await readFiles(/\.(?:tsx?|css|sql|md)$/))
    .filter(({ path }) => !GENERATED.test(path))
    .map(({ path, content }) => ({ path, count: content.trimEnd().split('\n').length }))
    .filter(({ count }) => count > LINES_MAX)
    .map(({ path, count }) => `${path}: ${count} lines`);
  expect(complaint(long, 'split the file by operation, with the tests of each beside it.')).toBe(
    '',
  );
});

test(`no line of TypeScript has more than ${COLUMNS_MAX} columns, long strings aside`, () => {
  expect(
    complaint(
      linesLike(typescript, (line) => withoutStrings(line).length > COLUMNS_MAX),
      'break the line or shorten it.',
    ),
  ).toBe('');
});

test('names of files and folders are descriptive and in kebab case', async () => {
  const empty = /^(?:utils?|common|helpers?|managers?|base|data|info|handlers?|misc|shared)$/;
  const kebab = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
  const custom = /^(?:[A-Z]+(?:\.ko)?\.md|LICENSE|Dockerfile|\d{6}_[a-z0-9_]+\.sql)$/;
  const wrong = (await listFiles()).filter((path) =>
    path.split('/').some((name) => {
      // A receiver of events is called a data platform in the field.
      // The last word of a unit of systemd is its kind.
      const said = name.replace('data-platform', 'platform').replace(/\.service$/, '');
      const words = said.split(/[-.]/);
      const says = !words.some((word) => empty.test(word)) && !words.slice(1).includes('service');
      return !says || !(kebab.test(name) || custom.test(name));
    }),
  );
  expect(complaint(wrong, 'name it after its one subject: `loader.ts`, `lock-wallets.ts`.')).toBe(
    '',
  );
});

test('the code has no TODO and switches off no check', () => {
  const forbidden = new RegExp(
    String.raw`\b(?:TODO|FIXME|XXX)\b|@ts-(?:ignore|nocheck)|(?:ox|es)lint-disable`,
  );
  // A test of types expects errors: `tsc` reports each expectation without one.
  const expectation = /@ts-expect-error/;
  const isOfTypes = (path: string): boolean => path.endsWith('.types.test.ts');
  const others = typescript.filter(({ path }) => path !== THIS_FILE);
  expect(
    complaint(
      [
        ...linesLike(others, (line) => forbidden.test(line)),
        ...linesLike(
          others.filter(({ path }) => !isOfTypes(path)),
          (line) => expectation.test(line),
        ),
      ],
      'do it now or remove it; write code that the check accepts.',
    ),
  ).toBe('');
});

test('nothing is typed `any`', () => {
  const any = /\bas any\b|<any\b|: any\b|any\[\]/;
  const code = typescript
    .filter(({ path }) => path !== THIS_FILE)
    .map(({ path, content }) => ({ path, content: withoutComments(content) }));
  expect(
    complaint(
      linesLike(code, (line) => any.test(withoutStrings(line))),
      'use `unknown` and check the type.',
    ),
  ).toBe('');
});

test('SQL is in .sql files', () => {
  // Nothing can be described before the schema exists, and no parameter can be a table's name.
  const undescribed = new Set([
    'src/database/apply-migration.ts',
    'src/database/migrate.ts',
    'src/move/tables.ts',
    'src/postgres/service-role.ts',
    'src/verify/database.ts',
  ]);
  const sql = new RegExp(
    [
      String.raw`['"\x60]\s*(?:select\s|insert into\s|update [a-z_]+\.|delete from\s|truncate\s`,
      String.raw`merge into\s|with [a-z_]+ as\b`,
      String.raw`(?:create|alter|drop) (?:table|schema|index|view|database)\b)`,
    ].join('|'),
    'i',
  );
  const wrong = sources
    .filter(({ path, content }) => !undescribed.has(path) && sql.test(withoutComments(content)))
    .map(({ path }) => path);
  expect(
    complaint(
      wrong,
      'name the statement in the queries.sql of its module and run `npm run generate`; see ' +
        'db/CONVENTIONS.md.',
    ),
  ).toBe('');
});

test('every exported function of src has a docstring', () => {
  const exported = new RegExp(
    [
      String.raw`^(?<before>.*)\nexport (?:const (?<arrow>\w+)(?:: [^=\n]+)? =\s+(?:async )?[(<]`,
      String.raw`(?:async )?function (?<name>\w+))`,
    ].join('|'),
    'gm',
  );
  const wrong = sources
    .filter(({ path }) => !path.endsWith('/routes.ts'))
    .flatMap(({ path, content }) =>
      [...content.matchAll(exported)]
        .filter(({ groups }) => !/\*\/\s*$/.test(groups?.['before'] ?? ''))
        .map(({ groups }) => `${path}: ${groups?.['arrow'] ?? groups?.['name']}`),
    );
  expect(
    complaint(wrong, 'add one or two lines above it: effect, atomicity, outcomes, units, source.'),
  ).toBe('');
});

test('no file names a package registry', async () => {
  const files = await readFiles(/\.(?:json|md|ts|sql)$|^\.ci\//);
  const others = files.filter(({ path }) => path !== THIS_FILE);
  const places = linesLike(others, (line) =>
    /https?:\/\/registry|^\s*"resolved": "https?:/.test(line),
  );
  expect(complaint(places, 'leave it to the npm configuration of the user.')).toBe('');
});

/** Who uses one of these uses PostgreSQL. */
const POSTGRES = ['test/support/database.ts', 'src/postgres/embedded.ts'];

test('the name of a test file says whether it needs PostgreSQL', () => {
  const contents = new Map(typescript.map(({ path, content }) => [path, content]));
  const reachedBy = (path: string, reached = new Set<string>()): ReadonlySet<string> => {
    if (reached.has(path)) return reached;
    reached.add(path);
    // Imports, and the programs that a test starts.
    for (const [, relative = ''] of (contents.get(path) ?? '').matchAll(/'(\.\.?\/[^']+\.ts)'/g)) {
      reachedBy(posix.join(posix.dirname(path), relative), reached);
    }
    return reached;
  };
  const wrong = [...contents.keys()]
    .filter((path) => path.endsWith('.test.ts') && !/\.(?:slow|browser)\.test\.ts$/.test(path))
    .filter((path) => {
      const reached = reachedBy(path);
      const needs = POSTGRES.some((each) => reached.has(each));
      return needs !== path.endsWith('.db.test.ts');
    });
  expect(
    complaint(
      wrong,
      'end the name in .db.test.ts where PostgreSQL is needed, in .slow.test.ts where the ' +
        'machine is needed alone, in .browser.test.ts where a browser is, and in .test.ts elsewhere.',
    ),
  ).toBe('');
});
