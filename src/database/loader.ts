import DataLoader from 'dataloader';

/**
 * Fetches single rows with one query per turn of the event loop, however many requests ask. Exact:
 * nothing is kept, and a query only serves those who asked before it was sent.
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
