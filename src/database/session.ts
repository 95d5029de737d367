import { Socket } from 'node:net';
import { Client, Pool } from 'pg';
import type { Queryable } from './statement.ts';

/** One connection for one transaction at a time, with statements sent ahead of their answers. */
export interface Session extends Queryable {
  /** Puts all that `send` sends into as few packets as possible. */
  readonly pipelined: <T>(send: () => T) => T;
  /** False once the connection is gone; such a session only fails. */
  readonly connected: () => boolean;
  readonly close: () => Promise<void>;
}

/** A lane waits this long for a row that another process has locked. */
const LOCK_TIMEOUT_MS = 2_000;
/** No statement of ours takes this long unless something is broken. */
const STATEMENT_TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A database that owes an answer and sends nothing for longer is gone, if no packet said so. */
const SILENCE_MAX_MS = STATEMENT_TIMEOUT_MS + 5_000;

/** Times are read as text; in this zone their text ends in `+00`. */
export const SESSION_OPTIONS = '-c timezone=UTC -c datestyle=ISO';

/**
 * A lane finds every row by its key. Fixed plans say so: they are made once for each connection,
 * and statistics that are missing or old cannot turn a look-up of three rows into a table's scan.
 */
const LANE_OPTIONS =
  `${SESSION_OPTIONS} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off ` +
  '-c enable_hashjoin=off -c enable_mergejoin=off';

/** Connections for statements that stand alone; rows locked there block nobody. */
export const openPool = (url: string, connections: number): Pool => {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    application_name: 'moa reads',
    options: SESSION_OPTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  // A connection was lost while nothing was asked of it, idle in the pool or within a transaction.
  // The next statement on it rejects; without a listener the error would end this process.
  const lose = () => undefined;
  pool.on('error', lose);
  pool.on('connect', (client) => client.on('error', lose));
  return pool;
};

/**
 * Opens a connection of its own; throws when the database cannot be reached. Taken for lost when an
 * answer is due and nothing comes for `silenceMaxMs`.
 */
export const openSession = async (url: string, silenceMaxMs = SILENCE_MAX_MS): Promise<Session> => {
  const client = new Client({
    connectionString: url,
    options: LANE_OPTIONS,
    pipeline: true,
    application_name: 'moa lane',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  let connected = true;
  const lose = () => (connected = false);
  client.on('error', lose);
  client.on('end', lose);
  await client.connect();
  const { stream } = client.connection;
  let unanswered = 0;
  const answer = () => unanswered--;
  const giveUp = () => {
    if (unanswered === 0) return;
    lose();
    stream.destroy(new Error(`the database sent nothing for ${silenceMaxMs} ms`));
  };
  if (stream instanceof Socket) stream.setTimeout(silenceMaxMs, giveUp);
  return {
    query: (config) => {
      const answered = client.query(config);
      unanswered++;
      answered.then(answer, answer);
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
    close: () => client.end(),
  };
};
