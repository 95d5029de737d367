import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { RebuildReplaced, rebuildBestSellers } from '../bestseller/index.ts';
import { readConfig } from '../config.ts';
import { openPool } from '../database/session.ts';
import { requirePrepared } from '../prepare-database.ts';
import { rebuildReport } from '../report/index.ts';
import { withSharedDatabase } from './command-database.ts';
import { CommandError, UsageError, runCommand } from './command.ts';
import { seconds } from './figures.ts';
import { createProgress } from './progress.ts';

const USAGE = `Rebuilds data that is derived from the journal, while services run.

  npm run rebuild -- best-sellers
  npm run rebuild -- sales-report

Services read the old best sellers until the rebuild has finished, and then switch to the new ones;
each day of the sales report is replaced at once. A rebuild can be interrupted and run again. The
database is that of DATABASE_URL, or else the embedded database in MOA_DATA_DIR.
`;

/** One for the rebuild, and one to spare. */
const CONNECTIONS = 2;
/** The progress bar's length, because the journal grows meanwhile. */
const WHOLE = 1_000;

type Show = (progress: { readonly done: number; readonly total: number }) => void;

/** What can be rebuilt: its title, and the unit in which progress is counted. */
const REBUILDS: Readonly<
  Record<
    string,
    {
      readonly title: string;
      readonly unit: string;
      readonly rebuild: (pool: Pool, show: Show) => Promise<void>;
    }
  >
> = {
  'best-sellers': { title: 'best sellers', unit: 'events', rebuild: rebuildBestSellers },
  'sales-report': { title: 'sales report', unit: 'days', rebuild: rebuildReport },
};

const run = async ({ title, unit, rebuild }: (typeof REBUILDS)[string]): Promise<void> => {
  const started = performance.now();
  const show = createProgress(WHOLE);
  let rebuilt = 0;
  const config = readConfig(process.env);
  await withSharedDatabase(config, async (url) => {
    await requirePrepared(url, config);
    const pool = openPool(url, CONNECTIONS);
    try {
      await rebuild(pool, ({ done, total }) => {
        rebuilt = done;
        show(total === 0 ? WHOLE : (done * WHOLE) / total);
      });
    } catch (error) {
      if (!(error instanceof RebuildReplaced)) throw error;
      throw new CommandError(error.message, { cause: error });
    } finally {
      await pool.end();
    }
  });
  console.log(`${title} of ${rebuilt} ${unit}, in ${seconds(performance.now() - started)}`);
};

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const chosen = new Map(Object.entries(REBUILDS)).get(positionals.join(' '));
  if (chosen === undefined) {
    throw new UsageError(`name what to rebuild: ${Object.keys(REBUILDS).join(' or ')}`);
  }
  await run(chosen);
});
