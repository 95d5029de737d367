import { parseArgs } from 'node:util';
import { RebuildReplaced, rebuildBestSellers } from '../bestseller/index.ts';
import { readConfig } from '../config.ts';
import { migrate } from '../database/migrate.ts';
import { openPool } from '../database/session.ts';
import { withSharedDatabase } from './command-database.ts';
import { CommandError, UsageError, runCommand } from './command.ts';
import { seconds } from './figures.ts';
import { createProgress } from './progress.ts';

const USAGE = `Makes what is derived from the journal anew, while services go on running.

  npm run rebuild -- best-sellers

Until it is finished, services read what was there before; then they all change to the new one. It
can be interrupted and run again. The database is the one of DATABASE_URL, or else the embedded one
in MOA_DATA_DIR.
`;

/** Beside services: one for the rebuild, and one to spare. */
const CONNECTIONS = 2;
/** The progress is told in shares of this: the journal grows meanwhile. */
const WHOLE = 1_000;

const run = async (): Promise<void> => {
  const started = performance.now();
  const show = createProgress(WHOLE);
  let events = 0;
  await withSharedDatabase(readConfig(process.env), async (url) => {
    await migrate(url);
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
