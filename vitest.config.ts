import { statfsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const FOLDERS = ['src', 'test', 'bench', 'scripts', 'examples', 'clients', 'web', 'ops'];
const DATABASE_WORKERS = 3;

/** The pages import it by its name, which the package has only once it is built. */
const CLIENT = new URL('clients/typescript/src/index.ts', import.meta.url).pathname;

const filesEndingIn = (ending: string): string[] => FOLDERS.map((each) => `${each}/**/*${ending}`);

/** Linux's file system in memory: a database is made there in a tenth of the time. */
const MEMORY = '/dev/shm';
/** What the clusters of a run take at most; a container has 64 MiB there unless it is told. */
const ROOM_BYTES = 4 * 1024 ** 3;

const roomIn = (folder: string): number => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
};

// Whatever makes a temporary folder in a test makes it there.
if (roomIn(MEMORY) >= ROOM_BYTES) process.env['TMPDIR'] ??= MEMORY;
// The services that tests start find here what Node.js has compiled before.
process.env['NODE_COMPILE_CACHE'] ??= new URL('node_modules/.cache/node', import.meta.url).pathname;

/**
 * The name of a test file says how it runs. Groups run one after the other. Files without `isolate`
 * share the processes of their group: loading the modules again would take a fifth of the time.
 */
export default defineConfig({
  test: {
    // Only for what hangs: files that run at the same time slow each other down.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Of a service, as `npm start` sets it: less garbage collection.
    execArgv: ['--max-semi-space-size=64'],
    projects: [
      {
        // Needs nothing but Node.js.
        resolve: { alias: { '@moa-commerce/client': CLIENT } },
        test: {
          name: 'unit',
          include: filesEndingIn('.test.ts'),
          exclude: ['.db', '.slow', '.browser'].flatMap((kind) => filesEndingIn(`${kind}.test.ts`)),
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Needs PostgreSQL.
        test: {
          name: 'database',
          include: filesEndingIn('.db.test.ts'),
          globalSetup: ['test/support/global-setup.ts'],
          maxWorkers: DATABASE_WORKERS,
          isolate: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Asserts how long something takes, mostly while it waits: two at a time are undisturbed.
        test: {
          name: 'slow',
          include: filesEndingIn('.slow.test.ts'),
          globalSetup: ['test/support/global-setup.ts'],
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        // Needs a browser and the built pages. A page waits half of the time: two files at a time.
        test: {
          name: 'browser',
          include: filesEndingIn('.browser.test.ts'),
          globalSetup: ['test/support/build-pages.ts', 'test/support/global-setup.ts'],
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
