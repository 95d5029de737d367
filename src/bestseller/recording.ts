import type { Pool } from 'pg';
import { createSubscriber, type JournalReader, type Subscriber } from '../journal/index.ts';
import { recordSales } from './queries.gen.ts';

/** So many are recorded in about 50 ms, for which the readers of the journal may have to wait. */
export const EVENTS_MAX = 2_000;

/** The cursor of the sales that are read. */
export const CURSOR = 'best-sellers';

/** Records what the journal says was sold and taken back. */
export const createRecording = (pool: Pool, reader: JournalReader): Subscriber =>
  createSubscriber({ pool, reader, name: CURSOR, limit: EVENTS_MAX, apply: recordSales });
