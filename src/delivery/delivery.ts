import type { Pool } from 'pg';
import type { Route } from '../contract/index.ts';
import type { JournalReader } from '../journal/index.ts';
import {
  createConfiguredDestinations,
  type ConfiguredDestination,
} from './configured-destinations.ts';
import { startDeliveryThread } from './delivery-thread.ts';
import { createToCloudEvent, readOrigin, type ToCloudEvent } from './events/cloud-event.ts';
import { attemptRoutes } from './routes/attempts.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { destinationRoutes } from './routes/destinations.ts';
import { eventRoute } from './routes/events.ts';
import { schemaRoute } from './routes/schemas.ts';
import { statusRoutes } from './routes/status.ts';
import type { ThreadOptions } from './thread-messages.ts';

export interface DeliveryOptions extends ThreadOptions {
  /** The wait for the journal's end, where a new destination begins: 4 seconds by default. */
  readonly patienceMs?: number;
  /** Called with a sentence when a configured destination was paused or resumed. */
  readonly onNotice?: (message: string) => void;
}

export interface Delivery {
  readonly routes: readonly Route[];
  /** Must be called after every commit of this process. */
  readonly wake: () => void;
  /**
   * Creates or changes the destinations that the environment configures, and pauses those that it
   * no longer configures. Resolves after `patienceMs` at most; the work continues in the background.
   */
  readonly ensureDestinations: (configured: readonly ConfiguredDestination[]) => Promise<void>;
  /** Stops sending; the next process sends the undelivered events. */
  readonly stop: () => Promise<void>;
}

/** Longer than a healthy transaction, shorter than the timeouts of clients and of a start. */
const PATIENCE_MS = 4_000;

/** Sends events to the active destinations, and lets staff create and change destinations. */
export const startDelivery = (
  url: string,
  reads: Pool,
  reader: JournalReader,
  options: DeliveryOptions,
): Delivery => {
  const { patienceMs = PATIENCE_MS, onNotice = () => undefined, ...sending } = options;
  const thread = startDeliveryThread(url, reads, sending);
  const { allowPrivate, onFault } = options;
  const shared = { db: reads, reader, patienceMs, onChange: thread.pollNow };
  let known: ToCloudEvent | undefined;
  const cloudEvents = async (): Promise<ToCloudEvent> =>
    (known ??= createToCloudEvent(await readOrigin(reads, options)));
  const configured = createConfiguredDestinations({ ...shared, onNotice, onFault });
  return {
    routes: [
      ...destinationRoutes({ ...shared, allowPrivate }),
      ...statusRoutes(shared),
      ...attemptRoutes({ ...shared, allowPrivate, cloudEvents }),
      ...deadLetterRoutes({ ...shared, cloudEvents }),
      eventRoute({ ...shared, cloudEvents }),
      schemaRoute,
    ],
    wake: thread.wake,
    ensureDestinations: configured.ensureAll,
    stop: async () => {
      await configured.stop();
      await thread.stop();
    },
  };
};
