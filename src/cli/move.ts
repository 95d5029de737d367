import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { UnusableMove, moveShop } from '../move/index.ts';
import { auditAll } from './audit-all.ts';
import { requireEmbedded, withOwnDatabase } from './command-database.ts';
import { CommandError, UsageError, runCommand } from './command.ts';
import { seconds } from './figures.ts';
import { createBar } from './progress.ts';

const USAGE = `Moves the shop from the embedded database in MOA_DATA_DIR to a PostgreSQL server.

  DATABASE_URL=postgres://user:password@host:5432/shop npm run move
  npm run move -- postgres://user:password@host:5432/shop

The second form shows the password in the list of processes. The database must exist and be empty;
its role must be allowed to create schemas and tables. Every table is copied in one transaction,
and then every invariant is checked there, as by npm run audit. Exits with code 1 if one is
violated.

The embedded database is only read. Stop the service first: no order may be sold meanwhile.
`;

/** What to do on the server, and what no longer has the default of the embedded database. */
const nextSteps = (directory: string): string => `
The shop is in the target now. What to do next:

1. DATABASE_URL=<the target> MOA_DATA_DIR=${directory} npm start
   The keys in ${directory}/keys continue to sign tokens and the transparency log.
   On another machine: copy keys/signing-key.json and keys/log-key.pem there and name the copies in
   MOA_SIGNING_KEY_FILE and MOA_LOG_KEY_FILE.
2. With DATABASE_URL these are off unless you set them: MOA_SELF_CHARGE, MOA_DEMO and
   MOA_WEBHOOK_ALLOW_PRIVATE. All other variables stay as they are.
3. Without DATABASE_URL the old shop would sell again. Once the new one runs, rename
   ${directory}/postgres.`;

const run = async (url: string): Promise<void> => {
  const config = { ...readConfig({ ...process.env, DATABASE_URL: url }), databaseUrl: undefined };
  const { dataDirectory } = config;
  await requireEmbedded(dataDirectory);
  const started = performance.now();
  await withOwnDatabase(config, async (sourceUrl) => {
    const show = createBar(1);
    const { tables, rows } = await moveShop({
      sourceUrl,
      targetUrl: url,
      onProgress: (done, total) => show(done / total),
    }).catch((error: unknown) => {
      if (!(error instanceof UnusableMove)) throw error;
      throw new CommandError(error.message, { cause: error });
    });
    const took = seconds(performance.now() - started);
    console.log(`${rows} rows of ${tables} tables, in ${took}. The audit of the target:`);
  });
  if (await auditAll(url)) console.log(nextSteps(resolve(dataDirectory)));
  else
    console.log('The target is damaged: do not sell with it. The embedded database is unchanged.');
};

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [url = process.env['DATABASE_URL'] ?? '', ...rest] = positionals;
  if (values.help) console.log(USAGE);
  else if (url === '' || rest.length > 0) throw new UsageError('name one target');
  else await run(url);
});
