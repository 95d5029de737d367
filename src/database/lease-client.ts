import type { Client } from 'pg';
import { PrimaryClient } from './primary.ts';
import { SESSION_OPTIONS } from './session.ts';

/** A connection that holds advisory locks, which end with it. */
export interface LeaseClient {
  readonly client: Client;
  /** False from the first failure on; the locks are then lost too. */
  readonly connected: () => boolean;
}

interface LeaseClientOptions {
  /** The name of the connection in PostgreSQL. */
  readonly name: string;
  /** The wait for an answer, after which the connection is destroyed. */
  readonly answerMs: number;
  /** More settings of the session. */
  readonly settings?: string;
  readonly onNotification: () => void;
  /** The first statements; if they fail, the connection is closed. */
  readonly begin?: (client: Client) => Promise<unknown>;
}

/**
 * PostgreSQL notices a machine that fails without closing its connections after 2 + 2 × 1 seconds
 * (PostgreSQL documentation, "TCP Settings"). Commits do not wait for the disk: what a crash of the
 * database loses is done again.
 */
const OPTIONS =
  `${SESSION_OPTIONS} -c synchronous_commit=off ` +
  '-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2';

/** Opens a connection that is used until its first failure, a late answer included. */
export const openLeaseClient = async (
  url: string,
  { name, answerMs, settings = '', onNotification, begin }: LeaseClientOptions,
): Promise<LeaseClient> => {
  const client = new PrimaryClient({
    connectionString: url,
    options: `${OPTIONS} ${settings}`,
    application_name: name,
    keepAlive: true,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    // Only a pipelined connection is destroyed by pg when an answer is late. Any other would stay
    // open, and every later statement would wait for the late answer.
    pipeline: true,
  });
  const destroy = () => client.connection.stream.destroy();
  client.on('error', destroy);
  client.on('notification', onNotification);
  try {
    await client.connect();
    await begin?.(client);
  } catch (error) {
    destroy();
    throw error;
  }
  return { client, connected: () => !client.connection.stream.destroyed };
};
