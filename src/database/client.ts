import type { Client, ClientConfig } from 'pg';
import { PrimaryClient } from './primary.ts';
import { CONNECT_MAX_MS } from './session.ts';
import { connectOrExplain } from './unusable.ts';

/** Uses a connection of its own and closes it; throws `UnusableDatabase` if there is none. */
export const withClient = async <Result>(
  config: ClientConfig,
  use: (client: Client) => Promise<Result>,
): Promise<Result> => {
  const client = new PrimaryClient({ connectionTimeoutMillis: CONNECT_MAX_MS, ...config });
  // The pending statement rejects with the same error.
  client.on('error', () => undefined);
  await connectOrExplain(client);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
};
