import type { Pool } from 'pg';
import type { Route } from '../contract/index.ts';
import type { JournalReader } from '../journal/index.ts';
import type { DeliveryOptions } from './delivery.ts';
import { startDeliveryOutside } from './outside.ts';
import {
  createConfiguredDestinations,
  type ConfiguredDestination,
} from './configured-destinations.ts';
import { destinationRoutes } from './routes.ts';
import { statusRoutes } from './status-routes.ts';

export type { DeliveryOptions } from './delivery.ts';
export { errorsIn } from './destination.ts';
export { EVENT_TYPES, TYPE_PREFIX, contractOf } from './events.ts';
export type { ConfiguredDestination } from './configured-destinations.ts';

export interface DeliveryModule {
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

/** Sends every event to the destinations, and lets staff set these up. */
export const startDeliveryModule = (
  url: string,
  reads: Pool,
  reader: JournalReader,
  options: DeliveryOptions,
): DeliveryModule => {
  const delivery = startDeliveryOutside(url, reads, options);
  const { allowPrivate, patienceMs = PATIENCE_MS, onFault } = options;
  const onChange = delivery.lookAgain;
  const configured = createConfiguredDestinations({
    db: reads,
    reader,
    patienceMs,
    onFault,
    onChange,
  });
  return {
    routes: [
      ...destinationRoutes({ db: reads, reader, allowPrivate, patienceMs, onChange }),
      ...statusRoutes({ db: reads, onChange }),
    ],
    wake: delivery.wake,
    ensureDestinations: configured.ensureAll,
    stop: async () => {
      await configured.stop();
      await delivery.stop();
    },
  };
};
