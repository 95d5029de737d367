import type { Pool } from 'pg';
import type { Route } from '../contract/index.ts';
import type { JournalReader } from '../journal/index.ts';
import {
  createConfiguredDestinations,
  type ConfiguredDestination,
} from './configured-destinations.ts';
import { startDeliveryThread } from './delivery-thread.ts';
import type { RelaysOptions } from './relays.ts';
import { destinationRoutes } from './routes.ts';
import { statusRoutes } from './status-routes.ts';

export interface DeliveryOptions extends RelaysOptions {
  /** How long to wait for the journal's end, where a new destination begins: 4 seconds. */
  readonly patienceMs?: number;
}

export interface Delivery {
  readonly routes: readonly Route[];
  /** To be called after every commit of this process. */
  readonly wake: () => void;
  /**
   * Creates the destinations that the environment configures, or changes them to what it says.
   * Resolves after `patienceMs` at most and goes on in the background.
   */
  readonly ensureDestinations: (configured: readonly ConfiguredDestination[]) => Promise<void>;
  /** Stops sending; what was not taken is sent by the next process. */
  readonly stop: () => Promise<void>;
}

/** Longer than a healthy transaction, shorter than the patience of a client or of a start. */
const PATIENCE_MS = 4_000;

/** Sends events to the active destinations, and lets staff create and change destinations. */
export const startDelivery = (
  url: string,
  reads: Pool,
  reader: JournalReader,
  options: DeliveryOptions,
): Delivery => {
  const thread = startDeliveryThread(url, reads, options);
  const { allowPrivate, patienceMs = PATIENCE_MS, onFault } = options;
  const shared = { db: reads, reader, patienceMs, onChange: thread.pollNow };
  const configured = createConfiguredDestinations({ ...shared, onFault });
  return {
    routes: [...destinationRoutes({ ...shared, allowPrivate }), ...statusRoutes(shared)],
    wake: thread.wake,
    ensureDestinations: configured.ensureAll,
    stop: async () => {
      await configured.stop();
      await thread.stop();
    },
  };
};
