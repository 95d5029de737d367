import { PrimaryClient } from '../database/primary.ts';
import { SESSION_OPTIONS, closeClient } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { listen, notifyOthers, tryLock, unlock } from './queries.gen.ts';

/** The leases of this process, each for one destination, and notifications of commits. */
export interface Leases extends Queryable {
  /** Tries to acquire the lease of a destination; returns whether this process now holds it. */
  readonly acquire: (destinationId: string) => Promise<boolean>;
  readonly release: (destinationId: string) => Promise<void>;
  /** Notifies the other processes of a commit. */
  readonly notify: () => Promise<void>;
  /** False once the connection is lost; the leases are then lost too. */
  readonly connected: () => boolean;
  readonly close: () => Promise<void>;
}

/**
 * A machine that fails without closing its connections is noticed after 2 + 2 × 1 seconds
 * (PostgreSQL documentation, "TCP Settings"). Commits do not wait for the disk: if a crash of the
 * database loses a position, events are only sent again.
 */
const OPTIONS =
  `${SESSION_OPTIONS} -c synchronous_commit=off ` +
  '-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2';
const TIMEOUT_MS = 5_000;

/**
 * Opens the connection that holds the leases of this process. A lease is an advisory lock, which
 * ends with the connection (PostgreSQL documentation, section 13.3.5). The holder writes on the
 * same connection, so a process that has lost a lease cannot write.
 */
export const openLeases = async (url: string, onNotification: () => void): Promise<Leases> => {
  const client = new PrimaryClient({
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
