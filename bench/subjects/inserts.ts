import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { newId } from '../../src/database/ids.ts';
import { createLatencies, recordMs, summarise, watchUse, type Report } from '../report.ts';
import { serve } from '../worker.ts';

export interface InsertTask {
  readonly databaseUrl: string;
  readonly postmaster: number | undefined;
  /** Of the highest rate: 100 is back to back, which must be measured first. */
  readonly percent: number;
  readonly seconds: number;
}

/** About as long as the event of an order. */
const DATA = JSON.stringify({ text: 'x'.repeat(400) });

let client: Client | undefined;
/** Rows a second, back to back. */
let highest = 0;

const connect = async (connectionString: string): Promise<Client> => {
  const opened = new Client({ connectionString });
  await opened.connect();
  return opened;
};

const measure = async (task: InsertTask): Promise<Report> => {
  client ??= await connect(task.databaseUrl);
  const { percent, seconds } = task;
  const pauseMs = percent === 100 || highest === 0 ? 0 : 100_000 / (highest * percent);
  const latencies = createLatencies();
  const used = await watchUse({ ...task, service: process.pid });
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    if (pauseMs > 0) await delay(pauseMs);
    const at = performance.now();
    const text = 'insert into events values ($1, $2)';
    await client.query({ name: 'insert', text, values: [newId(), DATA] });
    recordMs(latencies, performance.now() - at);
  }
  const use = await used(latencies.count);
  if (pauseMs === 0) highest = latencies.count / use.seconds;
  return {
    operations: latencies.count,
    latency: summarise(latencies),
    unexpected: {},
    ...use,
    // The caller is part of the selling thread.
    processor: use.processor && { ...use.processor, load: undefined },
    extra: {},
  };
};

serve(measure, async () => client?.end());
