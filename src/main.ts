import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { pino, type Logger } from 'pino';
import { Registry } from '@prometheus-io/client';
import { ConfigError, readConfig, type Config } from './config.ts';
import { readMigrations } from './database/migrate.ts';
import { UnusableDatabase } from './database/unusable.ts';
import { fillDemo, places, welcome } from './demo.ts';
import { endConnections } from './http/connections.ts';
import { createMetricsServer, createServer } from './http/server.ts';
import { acceptApiKeys, createTokens, deriveSecret } from './identity/index.ts';
import { listeningText, type Listener } from './listening.ts';
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
import { createSignIn, type SignIn } from './sign-in/index.ts';
import { measureBacklogs, measureBuild, measurePool, measureProof } from './state-metrics.ts';
import { startSystem, type System } from './system.ts';

/** The share of a caller's time that may be spent waiting for other transactions. */
const PATIENCE = 0.8;

const WEB_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

/** Stops one part of the service. */
type Stop = () => Promise<void>;

const start = async (config: Config, stops: Stop[]): Promise<void> => {
  const log = pino({ level: config.logLevel });
  const metrics = new Registry();

  const database = await openDatabase(config, (message) => log.warn(message));
  stops.unshift(database.stop);
  const migrations = await readMigrations();
  await prepareDatabase(database.url, config, migrations);

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
    audit: { ...config.audit, ...measureAudit(metrics, log) },
    log: {
      eventSource: config.eventSource,
      loadKey: () => loadLogKey(config.logKey),
      onNotice: (message: string) => log.warn(message),
    },
  };
  const system = startSystem(database.url, config.settings, options);
  stops.unshift(system.close);
  measureQueue(metrics, system.commit);
  measureJournal(metrics, system.reader);
  measurePool(metrics, system.reads);
  measureBacklogs(metrics, system.reads);
  measureProof(metrics, system.reads);
  const version = await readVersion();
  await measureBuild(metrics, system.reads, version);
  await system.delivery.ensureDestinations(config.destinations);
  if (config.demo) await fillDemo(system, config.settings);

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
    showMetrics: config.metricsPort === undefined,
    version,
    webFolder: WEB_FOLDER,
  });
  if (config.metricsPort !== undefined) {
    const metricsServer = createMetricsServer({ log, metrics });
    stops.unshift(() => metricsServer.close());
    const { host, metricsPort: port } = config;
    await listen(metricsServer, { host, port, name: 'Metrics', variable: 'MOA_METRICS_PORT' });
  }
  stops.unshift(() => server.close());
  stops.unshift(async () => {
    stopping.abort();
    endConnections(server.server);
    await delay(config.drainMs);
  });
  const { host, port } = config;
  const url = await listen(server, { host, port, name: 'Moa', variable: 'PORT' });

  for (const [name, address] of places(url)) log.info(`${name}: ${address}`);
  if (config.demo) await greet(system, url, config, log);
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

/** Shows the welcome, which has a token, to a terminal only: logs are kept and sent elsewhere. */
const greet = async (system: System, url: string, config: Config, log: Logger): Promise<void> => {
  if (process.stdout.isTTY) process.stdout.write(await welcome(system, url, config));
  else log.info('`npm run token -- --help` says how to get a token for the API');
};

interface Listening {
  readonly host: string;
  readonly port: number;
  /** Of what listens, in the log. */
  readonly name: Listener;
  /** Sets the port. */
  readonly variable: string;
}

/** Listens, and logs where. */
const listen = async (
  server: FastifyInstance,
  { host, port, name, variable }: Listening,
): Promise<string> => {
  const listenTextResolver = (url: string): string => listeningText(name, url);
  try {
    return await server.listen({ host, port, listenTextResolver });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ConfigError(`Port ${port} on ${host} is in use. Set ${variable} to another port.`, {
      cause: error,
    });
  }
};

const openDatabase = async (
  { databaseUrl, dataDirectory }: Config,
  log: (message: string) => void,
): Promise<{ url: string; stop: Stop }> =>
  databaseUrl === undefined
    ? startEmbedded({ directory: resolve(dataDirectory), log })
    : { url: databaseUrl, stop: () => Promise.resolve() };

const readVersion = async (): Promise<string> => {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
};

const stops: Stop[] = [];
const stopAll = async (): Promise<void> => {
  for (const stop of stops.splice(0)) await stop();
};

/** Drains and stops the service on a signal, and exits in any case after both times. */
const stopOnSignals = (started: Promise<void>, { drainMs, shutdownMs }: Config): void => {
  const giveUp = (): void => {
    process.stderr.write(`The shutdown took longer than ${shutdownMs} ms; Moa exits now.\n`);
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      setTimeout(giveUp, drainMs + shutdownMs);
      // Wait for the start to finish; stopping earlier would leave PostgreSQL running.
      const settled = started.catch(() => undefined);
      void settled.then(stopAll).then(() => process.exit(0));
    });
  }
};

try {
  const config = readConfig(process.env);
  const started = start(config, stops);
  stopOnSignals(started, config);
  await started;
} catch (error) {
  const isExpected = [ConfigError, DirectoryInUse, UnusableDatabase].some(
    (expected) => error instanceof expected,
  );
  process.stderr.write(
    `${isExpected ? (error as Error).message : String((error as Error).stack)}\n`,
  );
  await stopAll();
  process.exit(1);
}
