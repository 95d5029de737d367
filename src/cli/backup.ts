import { readFile } from 'node:fs/promises';
import { writeBackup } from '../backup/index.ts';
import { ConfigError, readConfig } from '../config.ts';
import { findEmbeddedSuperuser } from '../postgres/index.ts';
import { withSharedDatabase } from './command-database.ts';
import { CommandError, runFolderCommand } from './command.ts';
import { seconds, size } from './figures.ts';
import { interruptible } from './interruptible.ts';
import { createBar } from './progress.ts';

const USAGE = `Backs up the embedded database and the keys in MOA_DATA_DIR, while the service sells.

  npm run backup -- FOLDER

FOLDER must be new or empty, and outside the data directory. It appears when the backup is
complete, and has every order that was answered before the command began. Whoever can read it can
sign tokens of this shop. To restore it: npm run restore
`;

const readVersion = async (): Promise<string> => {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
};

/** Files that the environment names may be anywhere, so the backup does not have them. */
const warnAboutFiles = (): void => {
  for (const name of ['MOA_SIGNING_KEY_FILE', 'MOA_LOG_KEY_FILE']) {
    if (process.env[name]) console.log(`Not in the backup: the file of ${name}. Keep a copy.`);
  }
};

const run = async (folder: string): Promise<void> => {
  const config = readConfig(process.env);
  if (config.databaseUrl !== undefined) {
    throw new ConfigError(
      'DATABASE_URL is set, and this command backs up the embedded database. Use the tools of ' +
        'your server: pg_basebackup, pgBackRest or pg_dump.',
    );
  }
  const started = performance.now();
  const { dataDirectory } = config;
  await withSharedDatabase(config, async () => {
    const superuserUrl = await findEmbeddedSuperuser(dataDirectory);
    if (superuserUrl === undefined) throw new CommandError('The database has just stopped.');
    const show = createBar(1);
    const { folder: written, bytes } = await interruptible(async (signal) =>
      writeBackup({
        dataDirectory,
        superuserUrl,
        folder,
        version: await readVersion(),
        onProgress: (done, total) => show(done / total),
        signal,
      }),
    );
    warnAboutFiles();
    console.log(
      `${size(bytes)} in ${seconds(performance.now() - started)}. To restore them: ` +
        `MOA_DATA_DIR=NEW-DIRECTORY npm run restore -- ${written}`,
    );
  });
};

await runFolderCommand(USAGE, 'name one folder', run);
