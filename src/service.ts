import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Registry } from '@prometheus-io/client';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Migration } from './database/migrate.ts';
import { fillDemo } from './demo.ts';
import { endConnections, retireConnections } from './http/connections.ts';
import { createServer } from './http/server.ts';
import { acceptApiKeys, createTokens, deriveSecret } from './identity/index.ts';
import { listen } from './listen.ts';
import type { Listener } from './listening.ts';
import { loadLogKey } from './log/index.ts';
import {
  measureAudit,
  measureBuild,
  measureCommit,
  measureDelivery,
  measureJournal,
  measurePool,
  measureQueue,
  measureReadiness,
} from './process-metrics.ts';
import { createReadiness, watchResources } from './readiness.ts';
import { createSignIn, type SignIn } from './sign-in/index.ts';
import { measureBacklogs, measureExpiry, measureProof } from './state-metrics.ts';
import { startSystem, type System } from './system.ts';
import { startTracer, type OnTrouble, type Tracer } from './tracing/index.ts';

/** The share of a caller's time that may be spent waiting for other transactions. */
const PATIENCE = 0.8;

const WEB_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

export interface ServiceOptions {
  /** A database that is ready for this version. */
  readonly databaseUrl: string;
  readonly port: number;
  /** The migrations of this version. */
  readonly migrations: readonly Migration[];
  /** Of the service, in the line that says where it listens. */
  readonly name: Listener;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Called with a sentence when spans cannot be exported. */
  readonly onTrouble: OnTrouble;
  /** The metrics as text, where they are not those of this process alone. */
  readonly readMetrics?: (() => Promise<string>) | undefined;
}

/** The whole service in this process, listening. */
export interface Service {
  readonly url: string;
  /** Accepts no more connections; resolves when closing idle ones loses no request. */
  readonly retire: () => Promise<void>;
  /** Answers what has arrived and stops everything. */
  readonly stop: () => Promise<void>;
}

/** Starts the modules and the HTTP server; after a failure nothing of them runs. */
export const startService = async (config: Config, options: ServiceOptions): Promise<Service> => {
  const { databaseUrl, log, metrics, onTrouble } = options;
  const { tracing } = config.telemetry;
  const tracer = await startTracer(tracing, onTrouble);
  const resources = watchResources();
  const measured = measureCommit(metrics, log);
  const system = startSystem(databaseUrl, config.settings, {
    limits: config.limits,
    tracer,
    onBatch: measured.onBatch,
    onFault: (error, operations) => {
      measured.onFault(error, operations);
      resources.onFault(error);
    },
    onBackgroundFault: (error) => log.error({ err: error }, 'background work failed'),
    delivery: {
      allowPrivate: config.allowPrivate,
      eventSource: config.eventSource,
      publicUrl: config.publicUrl,
      onNotice: (message) => log.warn(message),
      patienceMs: config.limits.answerMs * PATIENCE,
      tracing,
      onTrouble,
      ...measureDelivery(metrics, log),
    },
    audit: { ...config.audit, ...measureAudit(metrics, log) },
    log: {
      eventSource: config.eventSource,
      loadKey: () => loadLogKey(config.logKey),
      onNotice: (message) => log.warn(message),
    },
  });
  measureQueue(metrics, system.commit, config.limits.standingQueue);
  measureJournal(metrics, system.reader);
  measurePool(metrics, system.reads);
  measureBacklogs(metrics, system.reads);
  measureProof(metrics, system.reads);
  measureExpiry(metrics, system.reads);
  try {
    return await serve(config, options, { system, tracer }, resources.areExhausted);
  } catch (error) {
    await system.close();
    await tracer?.stop();
    throw error;
  }
};

/** Serves a system over HTTP. */
const serve = async (
  config: Config,
  { name, port, migrations, log, metrics, readMetrics }: ServiceOptions,
  { system, tracer }: { readonly system: System; readonly tracer: Tracer | undefined },
  areExhausted: () => boolean,
): Promise<Service> => {
  const version = await readVersion();
  await measureBuild(metrics, system.reads, version);
  await prepareShop(config, system);
  const stopping = new AbortController();
  const ready = createReadiness(
    system,
    migrations,
    config.limits.queue,
    areExhausted,
    stopping.signal,
  );
  measureReadiness(metrics, ready);
  const server = await createServer({
    routes: system.routes,
    tokens: acceptApiKeys(await createTokens(config.tokenSource), system.apiKeys),
    signIn: await prepareSignIn(config, system, (message) => log.warn(message)),
    ensureRegistered: system.users.ensureRegistered,
    ready,
    answerMs: config.limits.answerMs,
    rateLimit: config.rateLimit,
    streamsMax: config.streamsMax,
    corsOrigins: config.corsOrigins,
    trustProxy: config.trustProxy,
    connections: { max: config.connectionsMax },
    log,
    metrics,
    readMetrics,
    tracer,
    showMetrics: config.metricsPort === undefined,
    version,
    webFolder: WEB_FOLDER,
  });
  const url = await listen(server, { host: config.host, port, name, variable: 'PORT' });
  return {
    url,
    retire: async () => {
      await retireConnections(server.server, stopping.signal);
      stopping.abort();
    },
    stop: async () => {
      // A retired service has drained.
      const drainMs = stopping.signal.aborted ? 0 : config.drainMs;
      stopping.abort();
      endConnections(server.server);
      await delay(drainMs);
      await server.close();
      await system.close();
      await tracer?.stop();
    },
  };
};

/** What the configuration says of the shop's content; once, however many processes do it. */
const prepareShop = async (
  { destinations, demo, settings }: Config,
  system: System,
): Promise<void> => {
  await system.delivery.ensureDestinations(destinations);
  if (demo) await fillDemo(system, settings);
};

/** Sign-in on the system's database; undefined when users sign in elsewhere. */
const prepareSignIn = async (
  { tokenSource, signIn, publicUrl, rateLimit, demo }: Config,
  { reads }: System,
  onNotice: (message: string) => void,
): Promise<SignIn | undefined> => {
  if (signIn === undefined || tokenSource.kind === 'provider') return undefined;
  const secret = signIn.secret ?? (await deriveSecret(tokenSource, 'sign-in'));
  const { provider } = signIn;
  return createSignIn(reads, { secret, provider, publicUrl, rateLimit, demo, onNotice });
};

const readVersion = async (): Promise<string> => {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
};
