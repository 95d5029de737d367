import type { Pool } from 'pg';
import { createSubscriber, type JournalReader, type Subscriber } from '../journal/index.ts';
import { recordSales } from './queries.gen.ts';

/** Recording this many events takes about 50 ms, for which readers of the journal may wait. */
export const EVENTS_MAX = 2_000;

/** The cursor of the live build. */
export const CURSOR = 'best-sellers';

/** The subscriber that records sales and refunds from the journal. */
export const createRecording = (pool: Pool, reader: JournalReader): Subscriber =>
  createSubscriber({ pool, reader, name: CURSOR, limit: EVENTS_MAX, apply: recordSales });
