import { setTimeout as delay } from 'node:timers/promises';
import { Pool, type Client } from 'pg';
import { PrimaryClient } from './primary.ts';
import type { Queryable } from './statement.ts';

/** One connection for one transaction at a time, with pipelined statements. */
export interface Session extends Queryable {
  /** Sends the statements of `send` in as few packets as possible. */
  readonly pipelined: <T>(send: () => T) => T;
  /** False once the connection is lost; every query then rejects. */
  readonly connected: () => boolean;
  /** Closes the connection; destroys it if the database does not answer. */
  readonly close: () => Promise<void>;
}

export interface SessionLimits {
  /** The wait for the database's next answer, after which the connection is destroyed. */
  readonly answerMs: number;
  /** The wait of a statement for a row that another transaction has locked. */
  readonly lockMs: number;
}

/** No healthy statement of Moa takes this long. */
const STATEMENT_MAX_MS = 20_000;
/** A server that takes longer to accept a connection hangs or has vanished. */
export const CONNECT_MAX_MS = 5_000;
/** For a database that hangs. Otherwise the database cancels first, which keeps the connection. */
const CANCEL_MS = 250;
/** The wait for a clean end of a connection. */
const CLOSE_MAX_MS = 500;

/**
 * The maximum idle time inside a transaction, during which it holds its locks. A batch decides
 * within milliseconds; a process that is frozen for longer loses its transaction and runs the batch
 * again when it continues.
 */
const TRANSACTION_IDLE_MAX_MS = 3_000;

/** Values are read as text: in this time zone a time ends in `+00`, and bytes are hexadecimal. */
export const SESSION_OPTIONS = '-c timezone=UTC -c datestyle=ISO -c bytea_output=hex';

/**
 * A lane finds every row by its key. A generic plan is made once per connection, and missing or old
 * statistics cannot turn an index look-up of three rows into a scan of a table.
 */
const LANE_OPTIONS =
  `${SESSION_OPTIONS} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off ` +
  '-c enable_hashjoin=off -c enable_mergejoin=off';

/**
 * Opens a pool for reads and other short statements. A statement that takes longer than
 * `statementMaxMs` rejects, also when the database hangs; the pool then replaces its connection.
 */
export const openPool = (
  url: string,
  connections: number,
  statementMaxMs = STATEMENT_MAX_MS,
): Pool => {
  const pool = new Pool({
    Client: PrimaryClient,
    connectionString: url,
    max: connections,
    application_name: 'moa reads',
    options: SESSION_OPTIONS,
    connectionTimeoutMillis: Math.min(CONNECT_MAX_MS, statementMaxMs),
    statement_timeout: statementMaxMs,
    query_timeout: statementMaxMs + CANCEL_MS,
    idle_in_transaction_session_timeout: TRANSACTION_IDLE_MAX_MS,
  });
  // A connection was lost between two statements, idle in the pool or inside a transaction. Its
  // next statement rejects; without a listener the error would end this process.
  const lose = () => undefined;
  pool.on('error', lose);
  pool.on('connect', (client) => client.on('error', lose));
  return pool;
};

const inTime = (goodbye: Promise<void>): Promise<void> =>
  Promise.race([goodbye, delay(CLOSE_MAX_MS, undefined, { ref: false })]);

/** Ends a pool after its running statements; does not wait for a database that hangs. */
export const closePool = (pool: Pool): Promise<void> => inTime(pool.end());

/** Closes a connection; destroys it if the database hangs. */
export const closeClient = async (client: Client): Promise<void> => {
  await inTime(client.end());
  client.connection.stream.destroy();
};

/** Opens a lane's connection; throws when the database is unreachable. */
export const openSession = async (
  url: string,
  { answerMs, lockMs }: SessionLimits,
): Promise<Session> => {
  const client = new PrimaryClient({
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
