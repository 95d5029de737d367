import type { Pool } from 'pg';
import { auditRoutes } from './audit/routes.ts';
import { startAuditorThread } from './audit/rounds/auditor-thread.ts';
import type { AuditorOptions } from './audit/rounds/auditor.ts';
import { startBestSellers } from './bestseller/index.ts';
import { cartRoutes } from './cart/index.ts';
import { productRoutes } from './catalog/index.ts';
import {
  startGroupCommit,
  startRetention,
  type GroupCommit,
  type GroupCommitOptions,
} from './commit/index.ts';
import type { Refusal, Route } from './contract/index.ts';
import {
  readBacklogs,
  startDelivery,
  type Delivery,
  type DeliveryOptions,
} from './delivery/index.ts';
import type { Loop } from './database/loop.ts';
import { closePool, openPool, openSession } from './database/session.ts';
import { createProductHistory, historyRoutes } from './history/index.ts';
import {
  createUsers,
  apiKeyRoutes,
  startApiKeys,
  userRoutes,
  type ApiKeys,
  type Users,
} from './identity/index.ts';
import { imageRoutes } from './image/index.ts';
import {
  createJournalReader,
  createRecorder,
  createSettled,
  startTraceRetention,
  type Event,
  type JournalReader,
} from './journal/index.ts';
import { createLogKey, startLog, type LogOptions } from './log/index.ts';
import { startReports, type ReportSettings } from './report/index.ts';
import { orderRoutes, startExpiry, type Expiry, type OrderSettings } from './order/index.ts';
import { RULES, TABLES } from './shop/index.ts';
import { countRefusals, createStreams, watchDurations } from './stream/index.ts';
import { startSessionRetention } from './sign-in/index.ts';
import type { Tracer } from './tracing/index.ts';
import { traceCommands } from './trace-commands.ts';
import { walletRoutes, type WalletSettings } from './wallet/index.ts';

/** Connections for reads; each lane has another connection for writes. */
const READ_CONNECTIONS = 8;
/** Of a process: the patient lane, four of delivery, three of the audit, one at its start. */
const OTHER_CONNECTIONS = 9;
/** For commands and `psql` beside the service, and those that PostgreSQL keeps for a superuser. */
const SPARE_CONNECTIONS = 20;

/** Connections that services of this size hold at most: twice as many in a rolling restart. */
export const countConnections = (processes: number, lanes: number): number =>
  2 * processes * (lanes + READ_CONNECTIONS + OTHER_CONNECTIONS) + SPARE_CONNECTIONS;

export type SystemSettings = WalletSettings & OrderSettings & ReportSettings;

export interface SystemOptions extends Pick<
  GroupCommitOptions<Event>,
  'limits' | 'onBatch' | 'onFault'
> {
  /** Replaces the database's time, in tests. */
  readonly timeOf?: (databaseTime: Date) => Date;
  /** Called when background work fails; the work is retried. */
  readonly onBackgroundFault?: (error: unknown) => void;
  /** How events are sent; by default only to addresses of the public Internet. */
  readonly delivery?: Partial<Omit<DeliveryOptions, 'onFault'>>;
  /** The rounds of the audit; without it, or with `everyMs` 0, this process runs none. */
  readonly audit?: Omit<AuditorOptions, 'onFault'>;
  /** How the transparency log is signed; by default with a key that only this process has. */
  readonly log?: LogOptions;
  /** Without it, nothing is traced here; the thread that sends events has its own. */
  readonly tracer?: Tracer | undefined;
}

/** The modules on one database, without the HTTP server. */
export interface System {
  readonly commit: GroupCommit<Event, Refusal>;
  readonly reads: Pool;
  readonly reader: JournalReader;
  readonly users: Users;
  readonly apiKeys: ApiKeys;
  readonly expiry: Expiry;
  readonly delivery: Delivery;
  readonly routes: readonly Route[];
  /** Answers the waiting commands, then closes the connections. */
  readonly close: () => Promise<void>;
}

/** Starts the lanes and the modules; the database must be migrated. */
export const startSystem = (
  url: string,
  settings: SystemSettings,
  options: SystemOptions = {},
): System => {
  const { onBackgroundFault: onFault = () => undefined, limits, audit } = options;
  const reads = openPool(url, READ_CONNECTIONS, limits?.answerMs);
  const reader = createJournalReader(reads);
  const delivery = startDelivery(url, reads, reader, {
    allowPrivate: false,
    publicUrl: 'http://127.0.0.1:3000',
    ...options.delivery,
    onFault,
  });
  const { commit, watched } = startLanes(url, options, delivery.wake);
  /** The parts with loops, the last one first. */
  const loops: Pick<Loop, 'stop'>[] = [];
  const looping = <Part extends Pick<Loop, 'stop'>>(part: Part): Part => {
    loops.unshift(part);
    return part;
  };
  const settled = createSettled(reads, reader);
  const users = createUsers(commit, reads);
  const apiKeys = looping(startApiKeys(reads, onFault));
  const expiry = looping(startExpiry(commit, reads, onFault));
  for (const start of [startRetention, startTraceRetention, startSessionRetention]) {
    looping(start(reads, onFault));
  }
  const bestSellers = looping(startBestSellers(reads, reader, settings.currency, onFault));
  const reports = looping(startReports(reads, reader, settings, onFault));
  const auditor =
    audit === undefined || audit.everyMs === 0
      ? undefined
      : startAuditorThread(url, { ...audit, onFault });
  const { log: logOptions = { loadKey: () => Promise.resolve(createLogKey()) } } = options;
  const log = looping(startLog(reads, reader, logOptions, onFault));
  const streams = looping(
    createStreams({
      ...watched,
      db: reads,
      reader,
      currency: settings.currency,
      onFault,
      readBestSellers: () => bestSellers.readList(),
      readUnits: bestSellers.countUnits,
      readDeliveryLagMs: () => readDeliveryLagMs(reads),
    }),
  );
  return {
    commit,
    reads,
    reader,
    users,
    apiKeys,
    expiry,
    delivery,
    routes: [
      ...userRoutes(users, reads),
      ...apiKeyRoutes(reads, apiKeys.reject),
      ...walletRoutes(commit, reads, settings, settled),
      ...productRoutes(commit, reads, settings, createProductHistory(reads, settled)),
      ...historyRoutes(reads),
      ...imageRoutes(reads),
      ...cartRoutes(commit, reads, settings),
      ...orderRoutes(commit, reads, settings),
      ...bestSellers.routes,
      ...reports.routes,
      ...log.routes,
      ...delivery.routes,
      ...streams.routes,
      ...auditRoutes(reads, audit?.everyMs ?? 0),
    ],
    close: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
      await commit.close();
      await auditor?.stop();
      await delivery.stop();
      await closePool(reads);
    },
  };
};

/** Starts the lanes; returns the group commit, and what the console shows of it. */
const startLanes = (url: string, options: SystemOptions, onCommit: () => void) => {
  const durations = watchDurations();
  const lanes = startGroupCommit<Event, Refusal>({
    ...options,
    onBatch: (batch) => {
      options.onBatch?.(batch);
      durations.record(batch.durationMs);
      onCommit();
    },
    openSession: (sessionLimits) => openSession(url, sessionLimits),
    schema: {
      tables: Object.values(TABLES),
      timeOf: options.timeOf,
      apply: createRecorder(RULES),
    },
  });
  const { commit, lastMinute } = countRefusals(traceCommands(lanes, options.tracer));
  return {
    commit,
    watched: {
      refusalsOfMinute: lastMinute,
      commitP99Ms: durations.p99Ms,
      queueLength: commit.depth,
    },
  };
};

/** The lag of the destination that is furthest behind. */
const readDeliveryLagMs = async (db: Pool): Promise<number> =>
  Math.max(0, ...(await readBacklogs(db)).map(({ lagMs }) => lagMs));
