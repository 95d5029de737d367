import { expectInvariants } from '../database.ts';
import type { Report } from '../report.ts';
import { startWorker } from '../worker.ts';
import type { EngineTask } from './engine.ts';
import type { Stage, Subject } from './subject.ts';

/** The same orders as calls of functions in one process: batches and statements, no HTTP. */
export const openWithoutHttp = async ({ server, shops }: Stage): Promise<Subject> => {
  const { databaseUrl, shop } = await shops.open(false);
  const worker = startWorker<EngineTask, Report>('subjects/engine.ts');
  const { postmaster } = server;
  return {
    name: 'without HTTP',
    isBaseline: true,
    measure: (callers, seconds) => worker.run({ databaseUrl, postmaster, shop, callers, seconds }),
    stop: async () => {
      await worker.stop();
      await expectInvariants(databaseUrl);
      await server.drop(databaseUrl);
    },
  };
};
