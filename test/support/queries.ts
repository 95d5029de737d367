import { withClient } from '../../src/database/client.ts';

/** Runs one or several statements on a new connection. */
export const runSql = (url: string, sql: string): Promise<void> =>
  withClient({ connectionString: url }, async (client) => {
    await client.query(sql);
  });

/** The first column of each row, as text. */
export const queryColumn = (
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<string[]> =>
  withClient({ connectionString: url }, async (client) => {
    const { rows } = await client.query<unknown[]>({
      text: sql,
      values: [...values],
      rowMode: 'array',
    });
    return rows.map(([value]) => String(value));
  });
