import { Client } from 'pg';
import { SESSION_OPTIONS, closeClient } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { listen, notifyOthers, tryLock, unlock } from './queries.gen.ts';

/** The leases of this process, each to send to one destination, and notifications of commits. */
export interface Leases extends Queryable {
  /** Answers whether this process may send to the destination from now on. */
  readonly acquire: (destinationId: string) => Promise<boolean>;
  readonly release: (destinationId: string) => Promise<void>;
  /** Notifies the other processes that something was committed. */
  readonly notify: () => Promise<void>;
  /** False once the connection is lost, and with it every lease. */
  readonly connected: () => boolean;
  readonly close: () => Promise<void>;
}

/**
 * A machine that is gone without closing its connections is noticed after 2 + 2 × 1 seconds
 * (PostgreSQL documentation, "TCP Settings"). A position that a crash of the database took back
 * means that events are sent again, so no commit waits for the disk.
 */
const OPTIONS =
  `${SESSION_OPTIONS} -c synchronous_commit=off ` +
  '-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2';
const TIMEOUT_MS = 5_000;

/**
 * Opens the connection that holds the leases of this process. A lease is an advisory lock, which
 * ends with the connection (PostgreSQL documentation, section 13.3.5). What the holder writes, it
 * writes on the same connection: a process that has lost a lease cannot write any more.
 */
export const openLeases = async (url: string, onNotification: () => void): Promise<Leases> => {
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
  client.on('notification', onNotification);
  await client.connect();
  await listen(client);
  return {
    query: (config) => client.query(config),
    acquire: async (destinationId) => (await tryLock(client, { destinationId }))?.taken === true,
    release: async (destinationId) => {
      await unlock(client, { destinationId });
    },
    notify: async () => {
      await notifyOthers(client);
    },
    connected: () => connected,
    close: () => closeClient(client),
  };
};
