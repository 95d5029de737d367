import { setImmediate as nextTurn } from 'node:timers/promises';
import DataLoader from 'dataloader';

/**
 * Fetches single rows with one query per turn of the event loop for any number of requests. Rows
 * are not cached: a query only serves the requests that came before it was sent.
 */
export const createRowLoader = <Row>(
  fetchRows: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): ((key: string) => Promise<Row | undefined>) => {
  const loader = new DataLoader<string, Row | undefined>(
    async (keys) => {
      const rows = await fetchRows([...new Set(keys)]);
      const byKey = new Map(rows.map((row) => [keyOf(row), row]));
      return keys.map((key) => byKey.get(key));
    },
    { cache: false, batchScheduleFn: setImmediate },
  );
  return (key) => loader.load(key);
};

/**
 * Reads once for all calls with the same arguments in one turn of the event loop. Nothing is
 * cached: a read begins after the calls that it serves.
 */
export const createSharedRead = <Args extends readonly number[], Result>(
  read: (...args: Args) => Promise<Result>,
): ((...args: Args) => Promise<Result>) => {
  const waiting = new Map<string, Promise<Result>>();
  return (...args) => {
    const key = args.join(' ');
    const known = waiting.get(key);
    if (known !== undefined) return known;
    const shared = nextTurn().then(() => {
      waiting.delete(key);
      return read(...args);
    });
    waiting.set(key, shared);
    return shared;
  };
};

/**
 * Reads once at a time: calls during a read get its result, or its fault. Nothing is cached, but a
 * read may have begun before the calls that it serves.
 */
export const shareRunning = <Result>(read: () => Promise<Result>): (() => Promise<Result>) => {
  let running: Promise<Result> | undefined;
  return () => (running ??= read().finally(() => (running = undefined)));
};
