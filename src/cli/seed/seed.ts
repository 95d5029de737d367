import { setImmediate } from 'node:timers/promises';
import { Client } from 'pg';
import { CommandError } from '../command.ts';
import { copyRows } from './copy.ts';
import { createHistoryRows } from './history-rows.ts';
import { tellHistory } from './history.ts';
import type { Plan } from './plan.ts';
import { lookAround } from './queries.gen.ts';

/** Any constant that nothing else on this database locks: the ASCII codes of "seed". */
const ADVISORY_LOCK = 0x73656564;
/** The server loads one chunk while the next one is made; in characters. */
const CHUNK = 4 * 1024 * 1024;
/** After so many orders what is waiting is sent. */
const TURN = 256;

/**
 * Fills a migrated database with a history, in one transaction: all of it or nothing. Throws
 * `CommandError` when there are orders already. `onProgress` is told how many orders there are.
 */
export const seedDatabase = async (
  url: string,
  plan: Plan,
  onProgress: (orders: number) => void = () => undefined,
): Promise<void> => {
  const client = new Client({ connectionString: url, application_name: 'moa seed' });
  // Whoever waits for an answer is told too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin');
    const found = await lookAround(client, { key: ADVISORY_LOCK });
    if (found?.isAlone !== true) throw new CommandError('The database is being filled already.');
    if (found.hasOrders) throw new CommandError('The database has orders already.');
    await load(client, plan, onProgress);
    await client.query('commit');
    await client.query('analyze');
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
    // It is awaited before the next one.
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
