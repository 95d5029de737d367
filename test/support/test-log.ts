import { Client, type Pool } from 'pg';
import { onTestFinished } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { openPool } from '../../src/database/session.ts';
import type { Queryable } from '../../src/database/statement.ts';
import { createJournalReader } from '../../src/journal/index.ts';
import { insertEvents } from '../../src/journal/queries.gen.ts';
import { createAppending } from '../../src/log/append.ts';
import { createLogKey } from '../../src/log/log-key.ts';
import { createSigning } from '../../src/log/signing.ts';
import { createTestDatabase } from './database.ts';

/** Writes events straight into the journal and returns their ids. */
export const writeEvents = async (db: Queryable, count: number): Promise<string[]> => {
  const events = Array.from({ length: count }, (_, index) => ({
    eventId: newId(),
    type: 'written.v1',
    subject: `subject-${index % 7}`,
    time: new Date(),
    data: JSON.stringify({ index, text: 'Tasse "weiß" \\ 컵\n' }),
  }));
  await insertEvents(db, events);
  return events.map(({ eventId }) => eventId);
};

/** A log on a database, without the loop that appends. */
export const openLog = (url: string, wrap: (pool: Pool) => Pool = (pool) => pool) => {
  const pool = openPool(url, 4);
  onTestFinished(() => pool.end());
  const reader = createJournalReader(pool);
  const key = createLogKey();
  const { signer, readCheckpoint } = createSigning(pool, {
    eventSource: 'https://shop.example/',
    loadKey: () => Promise.resolve(key),
  });
  const appending = createAppending(wrap(pool), reader, signer);
  /** Appends every event that was committed before. */
  const appendAll = async (): Promise<void> => {
    const end = await reader.findEnd({ patienceMs: 10_000 });
    if (end === undefined) throw new Error('a transaction does not end');
    if (!(await appending.catchUp(end, 10_000))) throw new Error('the log does not grow');
  };
  return { pool, signer, readCheckpoint, appending, appendAll };
};

/** A log with so many events on a new database, and a connection to it. */
export const createTestLog = async (events: number) => {
  const url = await createTestDatabase();
  const log = openLog(url);
  const client = new Client({ connectionString: url, options: '-c timezone=UTC' });
  await client.connect();
  onTestFinished(() => client.end());
  const eventIds = events === 0 ? [] : await writeEvents(client, events);
  if (events > 0) await log.appendAll();
  return { ...log, url, client, eventIds };
};
