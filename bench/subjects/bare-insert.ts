import { runSql } from '../database.ts';
import type { Report } from '../report.ts';
import { startWorker } from '../worker.ts';
import type { InsertTask } from './inserts.ts';
import type { Stage, Subject } from './subject.ts';

/** One row in each transaction, on one connection: the least that a durable answer takes. */
export const openBareInsert = async ({ server }: Stage): Promise<Subject> => {
  const databaseUrl = await server.create('bare');
  await runSql(databaseUrl, 'create table events (event_id uuid primary key, data json not null)');
  const worker = startWorker<InsertTask, Report>('subjects/inserts.ts');
  const { postmaster } = server;
  return {
    name: 'bare insert',
    isBaseline: false,
    measure: (percent, seconds) => worker.run({ databaseUrl, postmaster, percent, seconds }),
    stop: async () => {
      await worker.stop();
      await server.drop(databaseUrl);
    },
  };
};
