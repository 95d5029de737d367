import pg from 'pg';
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

/** Times are read as text; in this zone their text ends in `+00`. */
const SESSION_OPTIONS = '-c timezone=UTC -c datestyle=ISO';

/** Connections for statements that stand alone; rows locked there block nobody. */
export const openPool = (url: string, connections: number): pg.Pool =>
  new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: 'moa reads',
    options: SESSION_OPTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });

/** Opens a connection of its own; throws when the database cannot be reached. */
export const openSession = async (url: string): Promise<Session> => {
  const client = new pg.Client({
    connectionString: url,
    options: SESSION_OPTIONS,
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
  return {
    query: (config) => client.query(config),
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
