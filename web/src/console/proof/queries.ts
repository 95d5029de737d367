import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { parseCheckpoint } from '../../../../src/receipt/index.ts';
import { dataOf, moa } from '../../api/moa.ts';

const EVERY_MS = 15_000;
const LOOK_EVERY_MS = 500;
/** A round of a large shop takes some seconds; without an auditor no round answers. */
const RUN_MAX_MS = 60_000;

/** What the audit has proven. */
export const auditQuery = queryOptions({
  queryKey: ['console', 'audit'],
  queryFn: ({ signal }) => dataOf(moa.calls.get('/v1/audit', { signal })),
  refetchInterval: EVERY_MS,
});

const readLog = async () => {
  const [response, { verifierKey }] = await Promise.all([
    fetch('/v1/log/checkpoint'),
    dataOf(moa.calls.get('/v1/log/key', {})),
  ]);
  if (!response.ok) throw new TypeError(`the checkpoint was answered with ${response.status}`);
  const note = await response.text();
  const checkpoint = parseCheckpoint(note);
  if (checkpoint === undefined) throw new Error('the log answers no checkpoint');
  const { origin, size } = checkpoint;
  return { origin, size, root: note.split('\n')[2] ?? '', verifierKey, readAt: Date.now() };
};

/** The checkpoint of the transparency log and its key. */
export const logQuery = queryOptions({
  queryKey: ['console', 'log'],
  queryFn: readLog,
  refetchInterval: EVERY_MS,
});

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Requests a round and waits for it; undefined if no process has answered within a minute. */
export const runAudit = async (client: QueryClient) => {
  const { run } = await dataOf(moa.calls.post('/v1/audit/runs', {}));
  for (const until = Date.now() + RUN_MAX_MS; Date.now() < until; await wait(LOOK_EVERY_MS)) {
    const audit = await dataOf(moa.calls.get('/v1/audit', {}));
    if (audit.completedRun < run) continue;
    client.setQueryData(auditQuery.queryKey, audit);
    return audit;
  }
  return undefined;
};
