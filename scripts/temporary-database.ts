import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../src/postgres/index.ts';
import { migrate } from '../src/database/migrate.ts';

export interface TemporaryDatabase {
  readonly url: string;
  /** The URL of the superuser, who may create and drop databases. */
  readonly superuserUrl: string;
  readonly stop: () => Promise<void>;
}

/** Starts a migrated PostgreSQL in a temporary directory, until `stop`. */
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
