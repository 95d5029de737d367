import { Registry } from '@prometheus-io/client';
import { pino } from 'pino';
import { onTestFailed, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { readMigrations } from '../../src/database/migrate.ts';
import { prepareDatabase } from '../../src/prepare-database.ts';
import { startService } from '../../src/service.ts';
import { QUIET, type Environment, type OnEnd, type RunningService } from './service.ts';

export type ServiceHere = Pick<RunningService, 'url' | 'output'>;

/**
 * Starts a service in the process of the tests, with the environment of a service process: for
 * tests of what it answers. A process of its own takes two seconds of a processor more; tests of
 * signals, crashes, exit codes or races between processes need one.
 */
export const startServiceHere = async (
  environment: Environment & { readonly DATABASE_URL: string },
  onEnd?: OnEnd,
): Promise<ServiceHere> => {
  const config = readConfig({ ...QUIET, ...environment });
  const { DATABASE_URL: databaseUrl } = environment;
  const migrations = await readMigrations();
  await prepareDatabase(databaseUrl, config, migrations);
  let output = '';
  const log = pino(
    { level: config.logLevel },
    {
      write: (line) => {
        output += line;
      },
    },
  );
  const { url, stop } = await startService(config, {
    databaseUrl,
    port: config.port,
    migrations,
    name: 'Moa',
    log,
    metrics: new Registry(),
    onTrouble: (message) => log.warn(message),
  });
  if (onEnd === undefined) {
    onTestFailed(() => {
      process.stderr.write(output);
    });
  }
  (onEnd ?? onTestFinished)(stop);
  return { url, output: () => output };
};
