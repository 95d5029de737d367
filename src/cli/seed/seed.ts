import { setImmediate } from 'node:timers/promises';
import type { Client } from 'pg';
import { PrimaryClient } from '../../database/primary.ts';
import { CommandError } from '../command.ts';
import { copyRows } from './copy.ts';
import { createHistoryRows } from './history-rows.ts';
import { tellHistory } from './history.ts';
import type { Plan } from './plan.ts';
import { findSeedState } from './queries.gen.ts';

/** An advisory lock that nothing else uses: the ASCII codes of "seed". */
const ADVISORY_LOCK = 0x73656564;
/** In characters; the server loads one chunk while the next one is made. */
const CHUNK = 4 * 1024 * 1024;
/** Waiting rows are sent after this many orders. */
const TURN = 256;

/**
 * Fills a migrated database with a history, in one transaction. Throws `CommandError` when the
 * database has orders or another seed runs. `onProgress` gets the number of orders.
 */
export const seedDatabase = async (
  url: string,
  plan: Plan,
  onProgress: (orders: number) => void = () => undefined,
): Promise<void> => {
  const client = new PrimaryClient({ connectionString: url, application_name: 'moa seed' });
  // The pending query rejects with the same error.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin');
    const found = await findSeedState(client, { key: ADVISORY_LOCK });
    if (found?.isAlone !== true) throw new CommandError('Another seed is filling the database.');
    if (found.hasOrders) throw new CommandError('The database has orders already.');
    await load(client, plan, onProgress);
    await client.query('commit');
    // Ranges of the index of times that no vacuum has summed up match every time.
    await client.query('vacuum (analyze)');
  } finally {
    await client.end();
  }
};

const load = async (
  client: Client,
  plan: Plan,
  onProgress: (orders: number) => void,
): Promise<void> => {
  const rows = createHistoryRows();
  let sent = Promise.resolve();
  const send = async (): Promise<void> => {
    await sent;
    sent = copyRows(client, rows.take());
    // The next call awaits the rejection.
    sent.catch(() => undefined);
  };
  for (const orders of tellHistory(plan, rows)) {
    if (orders % TURN !== 0) continue;
    if (rows.waiting() >= CHUNK) await send();
    await setImmediate();
    onProgress(orders);
  }
  rows.settleAll();
  await send();
  await sent;
  onProgress(plan.orders);
};
