import { Client } from 'pg';
import { migrate } from '../src/database/migrate.ts';

/** Runs statements on a connection of their own. */
export const run = async (url: string, sql: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
};

/** A migrated, empty database on a server; answers its address. */
export const createDatabase = async (serverUrl: string, name: string): Promise<string> => {
  await run(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return url.href;
};
