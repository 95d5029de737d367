import { Client, type ClientConfig } from 'pg';
import { PrimaryClient } from './primary.ts';
import { CONNECT_MAX_MS } from './session.ts';
import { connectOrExplain } from './unusable.ts';
import { urlsOfHosts } from './urls.ts';

type Use<Result> = (client: Client) => Promise<Result>;

const withTimeout = (config: ClientConfig): ClientConfig => ({
  connectionTimeoutMillis: CONNECT_MAX_MS,
  ...config,
});

/**
 * Uses a connection of its own to the server that accepts writes, and closes it; throws
 * `UnusableDatabase` if there is none.
 */
export const withClient = <Result>(config: ClientConfig, use: Use<Result>): Promise<Result> =>
  withConnection(new PrimaryClient(withTimeout(config)), use);

/** The same for reads alone: a URL with one host may name a standby. */
export const withReadClient = <Result>(config: ClientConfig, use: Use<Result>): Promise<Result> => {
  const [, another] = urlsOfHosts(config.connectionString ?? '');
  return another === undefined
    ? withConnection(new Client(withTimeout(config)), use)
    : withClient(config, use);
};

const withConnection = async <Result>(client: Client, use: Use<Result>): Promise<Result> => {
  // The pending statement rejects with the same error.
  client.on('error', () => undefined);
  await connectOrExplain(client);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
};
