import { setTimeout as delay } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import type { Queryable } from './statement.ts';

/** One connection for one transaction at a time, with statements sent ahead of their answers. */
export interface Session extends Queryable {
  /** Puts all that `send` sends into as few packets as possible. */
  readonly pipelined: <T>(send: () => T) => T;
  /** False once the connection is gone; such a session only fails. */
  readonly connected: () => boolean;
  /** Ends the connection; breaks it off when the database does not answer. */
  readonly close: () => Promise<void>;
}

export interface SessionLimits {
  /** How long the database may take for its next answer before the connection is broken off. */
  readonly answerMs: number;
  /** How long a statement waits for a row that another transaction has locked. */
  readonly lockMs: number;
}

/** No statement of ours takes this long unless something is broken. */
const STATEMENT_MAX_MS = 20_000;
const CONNECT_MAX_MS = 5_000;
/** The database cancels first, which leaves the connection usable; this is for one that hangs. */
const CANCEL_MS = 250;
/** How long a goodbye may take. */
const CLOSE_MAX_MS = 500;

/**
 * How long a transaction of ours may hold its rows without a statement. A batch decides for some
 * milliseconds; a process that is frozen for longer loses its transaction and, once it goes on,
 * runs the batch again.
 */
const TRANSACTION_IDLE_MAX_MS = 3_000;

/** Times are read as text; in this zone their text ends in `+00`. */
export const SESSION_OPTIONS = '-c timezone=UTC -c datestyle=ISO';

/**
 * A lane finds every row by its key. Fixed plans say so: they are made once for each connection,
 * and statistics that are missing or old cannot turn a look-up of three rows into a table's scan.
 */
const LANE_OPTIONS =
  `${SESSION_OPTIONS} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off ` +
  '-c enable_hashjoin=off -c enable_mergejoin=off';

/**
 * Connections for statements that stand alone; rows locked there block nobody. A statement that
 * takes longer than `statementMaxMs` rejects, also when the database hangs; then its connection is
 * replaced.
 */
export const openPool = (
  url: string,
  connections: number,
  statementMaxMs = STATEMENT_MAX_MS,
): Pool => {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    application_name: 'moa reads',
    options: SESSION_OPTIONS,
    connectionTimeoutMillis: Math.min(CONNECT_MAX_MS, statementMaxMs),
    statement_timeout: statementMaxMs,
    query_timeout: statementMaxMs + CANCEL_MS,
    idle_in_transaction_session_timeout: TRANSACTION_IDLE_MAX_MS,
  });
  // A connection was lost while nothing was asked of it, idle in the pool or within a transaction.
  // The next statement on it rejects; without a listener the error would end this process.
  const lose = () => undefined;
  pool.on('error', lose);
  pool.on('connect', (client) => client.on('error', lose));
  return pool;
};

const inTime = (goodbye: Promise<void>): Promise<void> =>
  Promise.race([goodbye, delay(CLOSE_MAX_MS, undefined, { ref: false })]);

/** Ends a pool once its statements are over; does not wait for a database that hangs. */
export const closePool = (pool: Pool): Promise<void> => inTime(pool.end());

/** Ends a connection; breaks it off when the database hangs. */
export const closeClient = async (client: Client): Promise<void> => {
  await inTime(client.end());
  client.connection.stream.destroy();
};

/** Opens a connection of its own for a lane; throws when the database cannot be reached. */
export const openSession = async (
  url: string,
  { answerMs, lockMs }: SessionLimits,
): Promise<Session> => {
  const client = new Client({
    connectionString: url,
    options: LANE_OPTIONS,
    pipeline: true,
    application_name: 'moa lane',
    keepAlive: true,
    connectionTimeoutMillis: Math.min(CONNECT_MAX_MS, answerMs),
    lock_timeout: lockMs,
    statement_timeout: answerMs,
    idle_in_transaction_session_timeout: TRANSACTION_IDLE_MAX_MS,
  });
  let connected = true;
  const lose = () => (connected = false);
  client.on('error', lose);
  client.on('end', lose);
  await client.connect();
  const { stream } = client.connection;

  let unanswered = 0;
  const giveUp = () => {
    if (unanswered === 0) return;
    lose();
    stream.destroy(new Error(`the database did not answer for ${answerMs} ms`));
  };
  const deadline = setTimeout(giveUp, answerMs + CANCEL_MS).unref();
  const expectAnswer = () => {
    if (unanswered++ === 0) deadline.refresh();
  };
  const takeAnswer = () => {
    unanswered--;
    deadline.refresh();
  };

  return {
    query: (config) => {
      expectAnswer();
      const answered = client.query(config);
      answered.then(takeAnswer, takeAnswer);
      return answered;
    },
    pipelined: (send) => {
      stream.cork();
      try {
        return send();
      } finally {
        stream.uncork();
      }
    },
    connected: () => connected,
    close: async () => {
      clearTimeout(deadline);
      await closeClient(client);
    },
  };
};
