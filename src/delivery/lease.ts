import { Client } from 'pg';
import { SESSION_OPTIONS, closeClient } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { listen, notifyOthers, tryLock, unlock } from './queries.gen.ts';

/** The right of one process to send to a destination, and word between processes. */
export interface Leases extends Queryable {
  /** Answers whether this process may send to the destination from now on. */
  readonly take: (destinationId: string) => Promise<boolean>;
  readonly giveBack: (destinationId: string) => Promise<void>;
  /** Tells the other processes that something was committed. */
  readonly notify: () => Promise<void>;
  /** False once the connection is gone, and with it every right. */
  readonly connected: () => boolean;
  readonly close: () => Promise<void>;
}

/**
 * A machine that is gone without a word is noticed after 2 + 2 × 1 seconds. What a cursor lost in a
 * crash of the database is sent again, so nothing waits for the disk.
 */
const OPTIONS =
  `${SESSION_OPTIONS} -c synchronous_commit=off ` +
  '-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2';
const TIMEOUT_MS = 5_000;

/**
 * Opens the connection that holds the rights of this process. A right is a lock of PostgreSQL that
 * ends with the connection (documentation, section 13.3.5), and what a holder writes, it writes on
 * the same connection: whoever has lost the right cannot write any more.
 */
export const openLeases = async (url: string, onWord: () => void): Promise<Leases> => {
  const client = new Client({
    connectionString: url,
    options: OPTIONS,
    application_name: 'moa delivery',
    keepAlive: true,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  let connected = true;
  const lose = () => (connected = false);
  client.on('error', lose);
  client.on('end', lose);
  client.on('notification', onWord);
  await client.connect();
  await listen(client);
  return {
    query: (config) => client.query(config),
    take: async (destinationId) => (await tryLock(client, { destinationId }))?.taken === true,
    giveBack: async (destinationId) => {
      await unlock(client, { destinationId });
    },
    notify: async () => {
      await notifyOthers(client);
    },
    connected: () => connected,
    close: () => closeClient(client),
  };
};
