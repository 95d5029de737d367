import { resolve } from 'node:path';
import { restoreBackup } from '../backup/index.ts';
import { ConfigError, readConfig } from '../config.ts';
import { migrate } from '../database/migrate.ts';
import { findMajorVersion } from '../postgres/index.ts';
import { auditAll } from './audit-all.ts';
import { withOwnDatabase } from './command-database.ts';
import { runFolderCommand } from './command.ts';
import { seconds, size } from './figures.ts';
import { interruptible } from './interruptible.ts';
import { createBar } from './progress.ts';

const USAGE = `Restores a backup of \`npm run backup\` into MOA_DATA_DIR, and audits it.

  MOA_DATA_DIR=NEW-DIRECTORY npm run restore -- FOLDER

MOA_DATA_DIR must be new or empty; FOLDER is only read. Each file is compared with the backup's
manifest, PostgreSQL recovers to the end of the backup, missing migrations are applied, and every
invariant is checked, as by \`npm run audit\`. Exits with code 1 if something is wrong.
`;

const run = async (folder: string): Promise<void> => {
  const config = readConfig(process.env);
  if (config.databaseUrl !== undefined) {
    throw new ConfigError('DATABASE_URL is set, and this command restores an embedded database.');
  }
  const started = performance.now();
  const { dataDirectory } = config;
  const show = createBar(1);
  const { bytes, endedAt, moa } = await interruptible(async (signal) =>
    restoreBackup({
      folder,
      dataDirectory,
      postgres: await findMajorVersion(),
      onProgress: (done, total) => show(done / total),
      signal,
    }),
  );
  console.log(`The files are those of the backup of ${endedAt}, made by Moa ${moa}`);
  await withOwnDatabase(config, async (url) => {
    await migrate(url);
    const holds = await auditAll(url);
    const directory = resolve(dataDirectory);
    console.log(
      `${size(bytes)} in ${seconds(performance.now() - started)}. ` +
        (holds
          ? `To start the shop: MOA_DATA_DIR=${directory} npm start`
          : `The restored database in ${directory} is damaged: do not sell with it.`),
    );
  });
};

await runFolderCommand(USAGE, 'name one backup', run);
