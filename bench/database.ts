import { Client } from 'pg';
import { migrate } from '../src/database/migrate.ts';

/** Runs statements on a new connection. */
export const run = async (url: string, sql: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
};

/** Creates a migrated, empty database on a server and returns its URL. */
export const createDatabase = async (serverUrl: string, name: string): Promise<string> => {
  await run(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return url.href;
};
