import type { Pool } from 'pg';
import type { Route } from '../contract/index.ts';
import { startLoop } from '../database/loop.ts';
import type { JournalReader } from '../journal/index.ts';
import { createAppending } from './append.ts';
import { receiptRoute } from './receipt-route.ts';
import { logRoutes } from './routes.ts';
import { tileRoutes } from './tile-routes.ts';
import { createSigning, type LogOptions } from './signing.ts';

export * from './core.ts';
export { createAppending } from './append.ts';
export { createSigning, readLogOrigin, type LogOptions } from './signing.ts';

/** Bounds how late a checkpoint has an event. A receipt appends its event itself. */
const APPEND_EVERY_MS = 1_000;

export interface LogModule {
  readonly routes: readonly Route[];
  /** Stops appending after the current round. */
  readonly stop: () => Promise<void>;
}

/** Appends the journal's events to the log, in one process at a time, and serves proofs. */
export const startLog = (
  pool: Pool,
  reader: JournalReader,
  options: LogOptions,
  onFault: (error: unknown) => void,
): LogModule => {
  const signing = createSigning(pool, options);
  const appending = createAppending(pool, reader, signing.signer);
  const runOnce = async (): Promise<boolean> => {
    await signing.ensureSigned();
    return appending.runOnce();
  };
  const loop = startLoop({ runOnce, everyMs: APPEND_EVERY_MS, onFault });
  const served = { db: pool, readCheckpoint: signing.readCheckpoint };
  const readVerifier = async () => (await signing.signer()).verifier;
  return {
    routes: [
      receiptRoute({ ...served, reader, appending }),
      ...logRoutes({ ...served, readVerifier }),
      ...tileRoutes(pool),
    ],
    stop: loop.stop,
  };
};
