import type { Pool } from 'pg';
import { createSubscriber, type JournalReader, type Subscriber } from '../journal/index.ts';
import { recordSales } from './queries.gen.ts';

/** Recording this many events takes about 50 ms, for which readers of the journal may wait. */
const EVENTS_MAX = 2_000;

/** The subscriber that adds sales and refunds of the journal to the sales report. */
export const createRecording = (pool: Pool, reader: JournalReader): Subscriber =>
  createSubscriber({ pool, reader, name: 'sales-report', limit: EVENTS_MAX, apply: recordSales });
