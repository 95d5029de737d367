import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { firstIdOf } from '../database/ids.ts';
import { closePool, openPool } from '../database/session.ts';
import { startTraceRetention } from './index.ts';
import { insertTraces } from './queries.gen.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

test('the trace of an event is deleted after seven days and not before', async () => {
  const pool = openPool(await createTestDatabase(), 1);
  onTestFinished(() => closePool(pool));
  const traceOf = (days: number) => ({
    eventId: firstIdOf(new Date(Date.now() - days * DAY_MS)),
    traceparent: `${days} days`,
  });
  await insertTraces(pool, [0, 6, 8, 40].map(traceOf));
  const faults: unknown[] = [];
  const retention = startTraceRetention(pool, (error) => faults.push(error));
  const kept = async (): Promise<string[]> => {
    const { rows } = await pool.query<{ traceparent: string }>(
      'select traceparent from journal.traces order by event_id desc',
    );
    return rows.map(({ traceparent }) => traceparent);
  };
  await waitUntil(async () => (await kept()).length < 4, 'old traces to be deleted');
  await retention.stop();
  expect(await kept()).toEqual(['0 days', '6 days']);
  expect(faults).toEqual([]);
});
