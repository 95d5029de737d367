import { parseArgs } from 'node:util';
import { RebuildReplaced, rebuildBestSellers } from '../bestseller/index.ts';
import { readConfig } from '../config.ts';
import { openPool } from '../database/session.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { withSharedDatabase } from './command-database.ts';
import { CommandError, UsageError, runCommand } from './command.ts';
import { seconds } from './figures.ts';
import { createProgress } from './progress.ts';

const USAGE = `Rebuilds data that is derived from the journal, while services run.

  npm run rebuild -- best-sellers

Services read the old data until the rebuild has finished, and then switch to the new data. The
rebuild can be interrupted and run again. The database is that of DATABASE_URL, or else the embedded
database in MOA_DATA_DIR.
`;

/** One for the rebuild, and one to spare. */
const CONNECTIONS = 2;
/** The progress bar's length, because the journal grows meanwhile. */
const WHOLE = 1_000;

const run = async (): Promise<void> => {
  const started = performance.now();
  const show = createProgress(WHOLE);
  let events = 0;
  const config = readConfig(process.env);
  await withSharedDatabase(config, async (url) => {
    await prepareDatabase(url, config);
    const pool = openPool(url, CONNECTIONS);
    try {
      await rebuildBestSellers(pool, ({ done, total }) => {
        events = done;
        show(total === 0 ? WHOLE : (done * WHOLE) / total);
      });
    } catch (error) {
      if (!(error instanceof RebuildReplaced)) throw error;
      throw new CommandError(error.message, { cause: error });
    } finally {
      await pool.end();
    }
  });
  console.log(`best sellers of ${events} events, in ${seconds(performance.now() - started)}`);
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
  if (positionals.join(' ') !== 'best-sellers') {
    throw new UsageError('name what to rebuild: best-sellers');
  }
  await run();
});
