import { resolve } from 'node:path';
import { Registry } from '@prometheus-io/client';
import { pino } from 'pino';
import { ConfigError, readConfig, type Config } from './config.ts';
import { readMigrations, type Migration } from './database/migrate.ts';
import { openPool } from './database/session.ts';
import { UnusableDatabase } from './database/unusable.ts';
import { places, welcome } from './demo.ts';
import { createMetricsServer } from './http/server.ts';
import { listen } from './listen.ts';
import { listeningText } from './listening.ts';
import { DirectoryInUse, startEmbedded } from './postgres/index.ts';
import { prepareDatabase } from './prepare-database.ts';
import {
  WorkerFailed,
  createWorkers,
  findPrimary,
  type Assignment,
  type Primary,
} from './processes/index.ts';
import { requireKeys } from './require-keys.ts';
import { startService } from './service.ts';
import { stopOnSignals } from './signals.ts';
import { countConnections } from './system.ts';
import { exportMetrics, limitTrouble, type Metrics } from './tracing/index.ts';

/** A database that is ready for this version, and the port to serve it on. */
interface Ready extends Assignment {
  readonly migrations: readonly Migration[];
}

/** Stops one part. */
type Stop = () => Promise<void>;

const log = pino();
/** The parts that were started, the last one first. */
const stops: Stop[] = [];
/** Telemetry that cannot be exported disturbs nothing and is logged rarely. */
const onTrouble = limitTrouble((message) => log.warn(message));
/** Called on SIGHUP. */
let restart = (): void => log.warn('SIGHUP has no effect: MOA_PROCESSES is 1');

const stopAll = async (): Promise<void> => {
  for (const stop of stops.splice(0)) await stop();
};

/** Opens the database that `DATABASE_URL` names, or starts the embedded one. */
const openDatabase = async (config: Config): Promise<Assignment> => {
  const { databaseUrl, dataDirectory, port, processes, limits } = config;
  if (databaseUrl !== undefined) return { databaseUrl, port };
  const database = await startEmbedded({
    directory: resolve(dataDirectory),
    connections: countConnections(processes, limits.lanes),
    log: (message) => log.warn(message),
  });
  stops.unshift(database.stop);
  return { databaseUrl: database.url, port };
};

/** Serves in this process alone; returns the address. */
const serveAlone = async (config: Config, ready: Ready): Promise<string> => {
  const metrics = new Registry();
  await serveMetrics(config, { metrics });
  const options = { ...ready, name: 'Moa', log, metrics, onTrouble } as const;
  await pushMetrics(config, () => metrics.getMetricsAsJSON());
  const service = await startService(config, options);
  stops.unshift(service.stop);
  return service.url;
};

/** Serves with workers behind one port; returns their address. */
const serveWithWorkers = async (config: Config, { databaseUrl, port }: Ready): Promise<string> => {
  const { processes: count, shutdownMs } = config;
  const workers = createWorkers({ databaseUrl, port, count, shutdownMs, log });
  process.on('exit', workers.kill);
  await serveMetrics(config, { metrics: new Registry(), readMetrics: workers.readMetrics });
  await pushMetrics(config, workers.collectMetrics);
  stops.unshift(workers.stop);
  const url = await workers.start();
  restart = workers.restart;
  log.info(listeningText('Moa', url));
  return url;
};

/** Serves as one of the workers of a primary. */
const serveAsWorker = async (
  config: Config,
  ready: Ready,
  primary: Primary,
  stop: () => void,
): Promise<void> => {
  const metrics = new Registry();
  stops.unshift(() => primary.leaveMetrics(metrics));
  const { readMetrics } = primary;
  const shared = { log, metrics, readMetrics, onTrouble };
  const options = { ...ready, name: 'Worker', ...shared } as const;
  const service = await startService(config, options);
  stops.unshift(service.stop);
  primary.shareMetrics(metrics);
  primary.on('stop', stop);
  primary.on('retire', () => {
    void service.retire().then(stop);
    void primary.reportRetired();
  });
  await primary.reportListening(service.url);
};

/** Serves the metrics on their own port, if they have one. */
const serveMetrics = async (
  { host, metricsPort: port }: Config,
  options: Omit<Parameters<typeof createMetricsServer>[0], 'log'>,
): Promise<void> => {
  if (port === undefined) return;
  const server = createMetricsServer({ ...options, log });
  stops.unshift(() => server.close());
  await listen(server, { host, port, name: 'Metrics', variable: 'MOA_METRICS_PORT' });
};

/** Exports the metrics to a collector, if there is one; a primary exports those of all workers. */
const pushMetrics = async (
  { telemetry: { metrics: settings } }: Config,
  read: () => Promise<Metrics>,
): Promise<void> => {
  if (settings !== undefined) stops.unshift(await exportMetrics(settings, read, onTrouble));
};

/**
 * Logs where everything is. Shows the welcome, which has a token, to a terminal only: logs are kept
 * and sent elsewhere.
 */
const announce = async (config: Config, databaseUrl: string, url: string): Promise<void> => {
  for (const [name, address] of places(url)) log.info(`${name}: ${address}`);
  if (!config.demo) return;
  if (!process.stdout.isTTY) {
    log.info('`npm run token -- --help` says how to get a token for the API');
    return;
  }
  const reads = openPool(databaseUrl, 1);
  process.stdout.write(await welcome({ reads }, url, config).finally(() => reads.end()));
};

/** Starts this process: the whole service, a primary with its workers, or one of the workers. */
const start = async (config: Config, primary: Primary | undefined, stop: () => void) => {
  await requireKeys(config);
  const assignment = await (primary?.begin() ?? openDatabase(config));
  const ready = { ...assignment, migrations: await readMigrations() };
  const onWait = (message: string) => log.warn(message);
  await prepareDatabase(ready.databaseUrl, config, ready.migrations, onWait);
  if (primary !== undefined) return serveAsWorker(config, ready, primary, stop);
  const serve = config.processes > 1 ? serveWithWorkers : serveAlone;
  return announce(config, ready.databaseUrl, await serve(config, ready));
};

const EXPECTED = [ConfigError, DirectoryInUse, UnusableDatabase, WorkerFailed];

/** Reports why the start failed, stops what has started, and exits. */
const fail = async (error: unknown, primary: Primary | undefined): Promise<void> => {
  const isExpected = EXPECTED.some((expected) => error instanceof expected);
  const reason = isExpected ? (error as Error).message : String((error as Error).stack);
  if (primary === undefined) process.stderr.write(`${reason}\n`);
  else await primary.reportFailure(reason);
  await stopAll();
  process.exit(1);
};

const primary = findPrimary();
let isStopping = (): boolean => false;
try {
  const config = readConfig(process.env);
  log.level = config.logLevel;
  const { promise: started, resolve: settle } = Promise.withResolvers<void>();
  const signals = stopOnSignals({
    ...config,
    // Wait for the start to finish; stopping earlier would leave PostgreSQL running.
    stop: () => started.then(stopAll),
    onHangup: () => restart(),
  });
  isStopping = signals.isStopping;
  await start(config, primary, signals.stop).finally(settle);
} catch (error) {
  // A stop, which may be the cause, exits itself.
  if (!isStopping()) await fail(error, primary);
}
