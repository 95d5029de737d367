import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/**
 * Builds the pages when they are missing or older than their sources; `--always` builds them in any
 * case. `npm start` calls it first. A machine without the sources only runs what was built before.
 */

const ROOT = new URL('..', import.meta.url).pathname;
const DIST = join(ROOT, 'web/dist');
/** Written last: a build that was interrupted counts as missing. */
const BUILT = join(DIST, '.built');
const SOURCES = [
  'web/index.html',
  'web/vite.config.ts',
  'web/package.json',
  'web/src',
  'web/public',
];
const CLIENT = 'clients/typescript/src';

/** Smaller files gain nothing. */
const COMPRESSED_BYTES_MIN = 1_024;
const COMPRESSIBLE = /\.(?:js|css|svg)$/;

const filesIn = async (place: string): Promise<string[]> => {
  if (!(await stat(place)).isDirectory()) return [place];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
};

const timeOf = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return 0;
  }
};

const hasSources = async (): Promise<boolean> => (await timeOf(join(ROOT, 'web/src'))) > 0;

const isCurrent = async (): Promise<boolean> => {
  const builtAt = await timeOf(BUILT);
  if (builtAt === 0) return false;
  const files = await Promise.all([...SOURCES, CLIENT].map((place) => filesIn(join(ROOT, place))));
  const times = await Promise.all(files.flat().map(timeOf));
  return times.every((time) => time <= builtAt);
};

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Writes `.br` and `.gz` beside a file, so that the service never compresses it again. */
const compress = async (file: string): Promise<void> => {
  const content = await readFile(file);
  if (content.length < COMPRESSED_BYTES_MIN) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await Promise.all([
    writeFile(`${file}.br`, await brotli(content, { params })),
    writeFile(`${file}.gz`, await zip(content, { level: constants.Z_BEST_COMPRESSION })),
  ]);
};

const build = async (): Promise<void> => {
  const startedAt = new Date();
  // A test run sets another value, with which the pages would contain React for development.
  process.env['NODE_ENV'] = 'production';
  const vite = await import('vite');
  await vite.build({
    root: join(ROOT, 'web'),
    configFile: join(ROOT, 'web/vite.config.ts'),
    logLevel: 'warn',
    build: { emptyOutDir: true },
  });
  const files = await filesIn(DIST);
  await Promise.all(files.filter((file) => COMPRESSIBLE.test(file)).map(compress));
  await writeFile(BUILT, '');
  // A source that changed during the build is newer than the build.
  await utimes(BUILT, startedAt, startedAt);
};

const isAsked = process.argv.includes('--always');
if (isAsked || ((await hasSources()) && !(await isCurrent()))) {
  console.log('Building the pages …');
  await build();
}
