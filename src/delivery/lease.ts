import { openLeaseClient } from '../database/lease-client.ts';
import { closeClient } from '../database/session.ts';
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

/** Longer than a healthy statement takes; so long a destination receives nothing after a loss. */
const ANSWER_MS = 5_000;

/**
 * Opens the connection that holds the leases of this process. A lease is an advisory lock, which
 * ends with the connection (PostgreSQL documentation, section 13.3.5). The holder writes on the
 * same connection, so a process that has lost a lease cannot write.
 */
export const openLeases = async (
  url: string,
  onNotification: () => void,
  answerMs: number = ANSWER_MS,
): Promise<Leases> => {
  const options = { name: 'moa delivery', answerMs, onNotification, begin: listen };
  const { client, connected } = await openLeaseClient(url, options);
  return {
    query: (config) => client.query(config),
    acquire: async (destinationId) => (await tryLock(client, { destinationId }))?.taken === true,
    release: async (destinationId) => {
      await unlock(client, { destinationId });
    },
    notify: async () => {
      await notifyOthers(client);
    },
    connected,
    close: () => closeClient(client),
  };
};
