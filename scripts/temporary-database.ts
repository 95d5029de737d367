import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../src/postgres/index.ts';
import { migrate } from '../src/database/migrate.ts';

export interface TemporaryDatabase {
  readonly url: string;
  /** The same database as its superuser, who may create and drop others. */
  readonly superuserUrl: string;
  readonly stop: () => Promise<void>;
}

/** A migrated PostgreSQL of its own in a temporary folder, until `stop`. */
export const startTemporaryDatabase = async (): Promise<TemporaryDatabase> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-'));
  const embedded = await startEmbedded({ directory, log: console.error });
  await migrate(embedded.url);
  return {
    url: embedded.url,
    superuserUrl: embedded.superuserUrl,
    stop: async () => {
      await embedded.stop();
      await rm(directory, { recursive: true });
    },
  };
};
