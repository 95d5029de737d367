import { defineConfig } from 'vitest/config';

const FOLDERS = ['src', 'test', 'bench', 'scripts', 'examples'];
const DATABASE_WORKERS = 3;

const filesEndingIn = (ending: string): string[] => FOLDERS.map((each) => `${each}/**/*${ending}`);

/** The name of a test file says how it runs. Groups run one after the other. */
export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        // Needs nothing but Node.js.
        test: {
          name: 'unit',
          include: filesEndingIn('.test.ts'),
          exclude: [...filesEndingIn('.db.test.ts'), ...filesEndingIn('.slow.test.ts')],
          // The files share a process: starting one takes longer than most of them.
          isolate: false,
          maxWorkers: 2,
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
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Needs the machine to itself: it kills, fills, freezes or measures.
        test: {
          name: 'slow',
          include: filesEndingIn('.slow.test.ts'),
          globalSetup: ['test/support/global-setup.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
