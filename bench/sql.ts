import { Client } from 'pg';

/** The rows of a query on a connection of its own. */
export const ask = async <Row extends object>(databaseUrl: string, sql: string): Promise<Row[]> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
};
