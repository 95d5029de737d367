import { lookup } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ConfigError } from './config.ts';
import { BACKLOG, listenAlso } from './http/addresses.ts';
import { listeningText, type Listener } from './listening.ts';

interface Listening {
  readonly host: string;
  readonly port: number;
  /** Of what listens, in the log. */
  readonly name: Listener;
  /** Sets the port. */
  readonly variable: string;
}

/**
 * Listens on all addresses of the host, and logs the first one; throws a `ConfigError` when the port
 * is in use or the host is unknown.
 */
export const listen = async (
  server: FastifyInstance,
  { host, port, name, variable }: Listening,
): Promise<string> => {
  const [first, ...others] = await addressesOf(host);
  const listenTextResolver = (url: string): string => listeningText(name, url);
  let address = first;
  try {
    const url = await server.listen({ host: address, port, backlog: BACKLOG, listenTextResolver });
    const taken = (server.server.address() as AddressInfo).port;
    for (address of others) await listenAlso(server.server, { host: address, port: taken });
    return url;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ConfigError(
      `Port ${port} on ${address} is in use. Set ${variable} to another port.`,
      {
        cause: error,
      },
    );
  }
};

/** The addresses of a name: `localhost` often has one of IPv4 and one of IPv6. */
const addressesOf = async (host: string): Promise<[string, ...string[]]> => {
  try {
    const found = await lookup(host, { all: true });
    const [first = host, ...others] = new Set(found.map(({ address }) => address));
    return [first, ...others];
  } catch (error) {
    throw new ConfigError(`HOST has no address: ${(error as Error).message}.`, { cause: error });
  }
};
