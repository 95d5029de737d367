import { Client, type ClientConfig } from 'pg';
import { READ_ONLY } from './unreachable.ts';
import { urlsOfHosts } from './urls.ts';

/** The servers of `DATABASE_URL` offer no single place for writes; this is expected to pass. */
class NoPrimary extends Error {
  override readonly name = 'NoPrimary';
  readonly code = READ_ONLY;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** A server that does not answer within this time is not the primary. */
const ANSWER_MAX_MS = 1_000;

/** Calls `report` with the server's word on each connection: PostgreSQL documentation, 54.2.7. */
const onStandby = (client: Client, report: (isStandby: boolean) => void): void => {
  client.connection.on(
    'parameterStatus',
    ({ parameterName, parameterValue }: Record<string, string>) => {
      if (parameterName === 'in_hot_standby') report(parameterValue === 'on');
    },
  );
};

/** Asks one server for its role. */
const probe = async (config: ClientConfig, url: string) => {
  const client = new Client({
    ...config,
    connectionString: url,
    connectionTimeoutMillis: ANSWER_MAX_MS,
  });
  const { host, port } = client;
  let role = 'is the primary';
  onStandby(client, (isStandby) => {
    if (isStandby) role = 'is a standby';
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
  } catch (error) {
    client.connection.stream.destroy();
    role = (error as Error).message || 'does not answer';
  }
  return { host, port, role };
};

/** The only server that accepts writes; throws `NoPrimary` if there is none or more than one. */
const findPrimary = async (config: ClientConfig, urls: readonly string[]): Promise<Place> => {
  const servers = await Promise.all(urls.map((url) => probe(config, url)));
  const [primary, second] = servers.filter(({ role }) => role === 'is the primary');
  if (primary !== undefined && second === undefined) return primary;
  const roles = servers.map(({ host, port, role }) => `${host}:${port} ${role}`).join('; ');
  throw new NoPrimary(
    primary === undefined
      ? `No server of DATABASE_URL accepts writes: ${roles}`
      : `More than one server of DATABASE_URL accepts writes, so Moa uses none: ${roles}`,
  );
};

/** What pg's pool gives to `connect`. */
type Connected = (error: Error | null, client: Client) => void;

/** The searches that are running, by the URL: connections that are opened together share one. */
const searches = new Map<string, Promise<Place>>();

/**
 * A connection to the server that accepts writes: of the hosts of the URL the primary, and never a
 * standby, also behind a proxy that has not yet noticed a failover. `connect` rejects with
 * `NoPrimary` otherwise. Two servers that both claim to be the primary are never used.
 */
export class PrimaryClient extends Client {
  readonly #config: ClientConfig;
  #isStandby = false;

  constructor(config: ClientConfig = {}) {
    const { connectionString = '' } = config;
    super({ ...config, connectionString: urlsOfHosts(connectionString)[0] });
    this.#config = config;
    onStandby(this, (isStandby) => {
      this.#isStandby = isStandby;
    });
  }

  override connect(): Promise<Client>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<Client> | undefined {
    const connected = this.#connectToPrimary();
    if (callback === undefined) return connected;
    connected.then(
      () => callback(null, this),
      (error: Error) => callback(error, this),
    );
    return undefined;
  }

  async #connectToPrimary(): Promise<Client> {
    const { connectionString = '' } = this.#config;
    const urls = urlsOfHosts(connectionString);
    if (urls.length > 1) {
      const search = searches.get(connectionString) ?? findPrimary(this.#config, urls);
      searches.set(connectionString, search);
      const { host, port } = await search.finally(() => searches.delete(connectionString));
      Object.assign(this, { host, port });
    }
    try {
      await super.connect();
    } catch (error) {
      // After its own error pg leaves the connection open; PostgreSQL closes it after a minute.
      this.connection.stream.destroy();
      throw error;
    }
    if (this.#isStandby) {
      this.end().catch(() => undefined);
      throw new NoPrimary(`The server at ${this.host}:${this.port} is a standby`);
    }
    return this;
  }
}
