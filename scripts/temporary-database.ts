import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbedded } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { SERVICE_ROLE } from '../src/database/service-role.ts';

/** A migrated PostgreSQL of its own in a temporary folder, until `stop`. */
export const startTemporaryDatabase = async (): Promise<{
  readonly url: string;
  readonly stop: () => Promise<void>;
}> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-'));
  const embedded = await startEmbedded({ directory, log: console.error });
  await migrate(embedded.url);
  await grantToTests(embedded.superuserUrl);
  return {
    url: embedded.url,
    stop: async () => {
      await embedded.stop();
      await rm(directory, { recursive: true });
    },
  };
};

/** Tests make databases, and one decides which of two transactions looks for a deadlock first. */
const grantToTests = async (superuserUrl: string): Promise<void> => {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query(`
    alter role ${SERVICE_ROLE} createdb;
    grant set on parameter deadlock_timeout to ${SERVICE_ROLE}`);
  await client.end();
};
