import { Client } from 'pg';

/** Runs one or several statements on a new connection. */
export const runSql = async (url: string, sql: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

/** The first column of each row, as text. */
export const queryColumn = async (
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<string[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({
      text: sql,
      values: [...values],
      rowMode: 'array',
    });
    return rows.map(([value]) => String(value));
  } finally {
    await client.end();
  }
};
