import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino, type Logger } from 'pino';
import { Registry } from '@prometheus-io/client';
import { ConfigError, readConfig, type Config } from './config.ts';
import { readMigrations } from './database/migrate.ts';
import { openPool } from './database/session.ts';
import { UnusableDatabase } from './database/unusable.ts';
import { fillDemo, places, welcome } from './demo.ts';
import { endConnections, retireConnections } from './http/connections.ts';
import { createMetricsServer, createServer } from './http/server.ts';
import { acceptApiKeys, createTokens, deriveSecret } from './identity/index.ts';
import { listen } from './listen.ts';
import { listeningText } from './listening.ts';
import { loadLogKey } from './log/index.ts';
import {
  createReadiness,
  measureAudit,
  measureCommit,
  measureDelivery,
  measureJournal,
  measureQueue,
  watchResources,
} from './observability.ts';
import { DirectoryInUse, startEmbedded } from './postgres/index.ts';
import { prepareDatabase } from './prepare-database.ts';
import {
  WorkerFailed,
  createWorkers,
  findPrimary,
  type Assignment,
  type Primary,
} from './processes/index.ts';
import { createSignIn, type SignIn } from './sign-in/index.ts';
import { stopOnSignals } from './signals.ts';
import { measureBacklogs, measureBuild, measurePool, measureProof } from './state-metrics.ts';
import { countConnections, startSystem, type System } from './system.ts';

/** The share of a caller's time that may be spent waiting for other transactions. */
const PATIENCE = 0.8;

const WEB_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

/** Stops one part of the service. */
type Stop = () => Promise<void>;

/** What signals, and a worker's primary, act on. */
interface Running {
  /** The parts that were started, the last one first. */
  readonly stops: Stop[];
  /** Stops all parts and exits. */
  stop: () => void;
  isStopping: () => boolean;
  /** Called on SIGHUP. */
  restart: () => void;
}

/** Starts one process: the whole service, a worker of a primary, or a primary with its workers. */
const start = async (config: Config, running: Running, primary?: Primary): Promise<void> => {
  const { stops } = running;
  const log = pino({ level: config.logLevel });
  const metrics = new Registry();
  const hasWorkers = primary === undefined && config.processes > 1;
  running.restart = () => log.warn('SIGHUP has no effect: MOA_PROCESSES is 1');

  const notice = (message: string): void => log.warn(message);
  const { databaseUrl, port } = await (primary?.begin() ?? openDatabase(config, stops, notice));
  const migrations = await readMigrations();
  await prepareDatabase(databaseUrl, config, migrations);

  const resources = watchResources();
  const stopping = new AbortController();
  const measured = measureCommit(metrics, log);
  const options = {
    limits: config.limits,
    onBatch: measured.onBatch,
    onFault: (error: unknown, operations: readonly string[]) => {
      measured.onFault(error, operations);
      resources.onFault(error);
    },
    onBackgroundFault: (error: unknown) => log.error({ err: error }, 'background work failed'),
    delivery: {
      allowPrivate: config.allowPrivate,
      eventSource: config.eventSource,
      publicUrl: config.publicUrl,
      onNotice: (message: string) => log.warn(message),
      patienceMs: config.limits.answerMs * PATIENCE,
      ...measureDelivery(metrics, log),
    },
    audit: { ...config.audit, ...(hasWorkers && { everyMs: 0 }), ...measureAudit(metrics, log) },
    log: {
      eventSource: config.eventSource,
      loadKey: () => loadLogKey(config.logKey),
      onNotice: (message: string) => log.warn(message),
    },
  };
  const system = startSystem(databaseUrl, config.settings, options);
  stops.unshift(system.close);
  measureQueue(metrics, system.commit);
  measureJournal(metrics, system.reader);
  measurePool(metrics, system.reads);
  measureBacklogs(metrics, system.reads);
  measureProof(metrics, system.reads);
  const version = await readVersion();
  await measureBuild(metrics, system.reads, version);
  if (!hasWorkers) await system.delivery.ensureDestinations(config.destinations);
  if (config.demo && primary === undefined) await fillDemo(system, config.settings);
  if (hasWorkers) {
    // From here on the workers have the modules.
    stops.splice(stops.indexOf(system.close), 1);
    await system.close();
    return startWorkers(config, running, { databaseUrl, port }, log);
  }

  const server = await createServer({
    routes: system.routes,
    tokens: acceptApiKeys(await createTokens(config.tokenSource), system.apiKeys),
    signIn: await prepareSignIn(config, system, (message) => log.warn(message)),
    ensureRegistered: system.users.ensureRegistered,
    ready: createReadiness(
      system,
      migrations,
      config.limits.queue,
      resources.areExhausted,
      stopping.signal,
    ),
    answerMs: config.limits.answerMs,
    rateLimit: config.rateLimit,
    streamsMax: config.streamsMax,
    corsOrigins: config.corsOrigins,
    trustProxy: config.trustProxy,
    connections: { max: config.connectionsMax },
    log,
    metrics,
    readMetrics: primary?.readMetrics,
    showMetrics: config.metricsPort === undefined,
    version,
    webFolder: WEB_FOLDER,
  });
  if (primary === undefined) await startMetrics(config, stops, { log, metrics });
  else stops.unshift(() => primary.leaveMetrics(metrics));
  stops.unshift(() => server.close());
  stops.unshift(async () => {
    // A retired worker has drained.
    const drainMs = stopping.signal.aborted ? 0 : config.drainMs;
    stopping.abort();
    endConnections(server.server);
    await delay(drainMs);
  });
  const name = primary === undefined ? 'Moa' : 'Worker';
  const url = await listen(server, { host: config.host, port, name, variable: 'PORT' });
  if (primary === undefined) return announce(config, databaseUrl, url, log);

  primary.shareMetrics(metrics);
  primary.on('stop', running.stop);
  primary.on('retire', () => {
    void retireConnections(server.server, stopping.signal).then(() => {
      stopping.abort();
      running.stop();
    });
    void primary.reportRetired();
  });
  await primary.reportListening(url);
};

/** Starts the workers and, on a port of their own, their metrics. */
const startWorkers = async (
  config: Config,
  running: Running,
  { databaseUrl, port }: Assignment,
  log: Logger,
): Promise<void> => {
  const { processes: count, shutdownMs } = config;
  const workers = createWorkers({ databaseUrl, port, count, shutdownMs, log });
  const { readMetrics } = workers;
  process.on('exit', workers.kill);
  await startMetrics(config, running.stops, { log, metrics: new Registry(), readMetrics });
  running.stops.unshift(workers.stop);
  const url = await workers.start();
  running.restart = workers.restart;
  log.info(listeningText('Moa', url));
  await announce(config, databaseUrl, url, log);
};

/** Serves the metrics on their own port, if they have one. */
const startMetrics = async (
  { host, metricsPort: port }: Config,
  stops: Stop[],
  options: Parameters<typeof createMetricsServer>[0],
): Promise<void> => {
  if (port === undefined) return;
  const server = createMetricsServer(options);
  stops.unshift(() => server.close());
  await listen(server, { host, port, name: 'Metrics', variable: 'MOA_METRICS_PORT' });
};

/** Sign-in on the system's database; undefined when users sign in elsewhere. */
const prepareSignIn = async (
  { tokenSource, signIn, publicUrl, rateLimit, demo }: Config,
  { reads }: System,
  onNotice: (message: string) => void,
): Promise<SignIn | undefined> => {
  if (signIn === undefined || tokenSource.kind === 'provider') return undefined;
  const secret = signIn.secret ?? (await deriveSecret(tokenSource.directory, 'sign-in'));
  const { provider } = signIn;
  return createSignIn(reads, { secret, provider, publicUrl, rateLimit, demo, onNotice });
};

/**
 * Logs where everything is. Shows the welcome, which has a token, to a terminal only: logs are kept
 * and sent elsewhere.
 */
const announce = async (
  config: Config,
  databaseUrl: string,
  url: string,
  log: Logger,
): Promise<void> => {
  for (const [name, address] of places(url)) log.info(`${name}: ${address}`);
  if (!config.demo) return;
  if (!process.stdout.isTTY) {
    log.info('`npm run token -- --help` says how to get a token for the API');
    return;
  }
  const reads = openPool(databaseUrl, 1);
  process.stdout.write(await welcome({ reads }, url, config).finally(() => reads.end()));
};

const openDatabase = async (
  { databaseUrl, dataDirectory, port, processes, limits }: Config,
  stops: Stop[],
  log: (message: string) => void,
): Promise<Assignment> => {
  if (databaseUrl !== undefined) return { databaseUrl, port };
  const connections = countConnections(processes, limits.lanes);
  const database = await startEmbedded({ directory: resolve(dataDirectory), log, connections });
  stops.unshift(database.stop);
  return { databaseUrl: database.url, port };
};

const readVersion = async (): Promise<string> => {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
};

const running: Running = {
  stops: [],
  stop: () => undefined,
  isStopping: () => false,
  restart: () => undefined,
};
const stopAll = async (): Promise<void> => {
  for (const stop of running.stops.splice(0)) await stop();
};
const primary = findPrimary();

/** Reports why the start failed, stops what has started, and exits. */
const fail = async (error: unknown): Promise<void> => {
  const isExpected = [ConfigError, DirectoryInUse, UnusableDatabase, WorkerFailed].some(
    (expected) => error instanceof expected,
  );
  const reason = isExpected ? (error as Error).message : String((error as Error).stack);
  if (primary === undefined) process.stderr.write(`${reason}\n`);
  else await primary.reportFailure(reason);
  await stopAll();
  process.exit(1);
};

try {
  const config = readConfig(process.env);
  const started = start(config, running, primary);
  const signals = stopOnSignals({
    ...config,
    // Wait for the start to finish; stopping earlier would leave PostgreSQL running.
    stop: () => started.catch(() => undefined).then(stopAll),
    onHangup: () => running.restart(),
  });
  Object.assign(running, signals);
  await started;
} catch (error) {
  // A stop, which may be the cause, exits itself.
  if (!running.isStopping()) await fail(error);
}
