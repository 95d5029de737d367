import { Client } from 'pg';

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
