import type { FastifyInstance } from 'fastify';
import { ConfigError } from './config.ts';
import { listeningText, type Listener } from './listening.ts';

interface Listening {
  readonly host: string;
  readonly port: number;
  /** Of what listens, in the log. */
  readonly name: Listener;
  /** Sets the port. */
  readonly variable: string;
}

/** Listens, and logs where; throws a `ConfigError` when the port is in use. */
export const listen = async (
  server: FastifyInstance,
  { host, port, name, variable }: Listening,
): Promise<string> => {
  const listenTextResolver = (url: string): string => listeningText(name, url);
  try {
    return await server.listen({ host, port, listenTextResolver });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ConfigError(`Port ${port} on ${host} is in use. Set ${variable} to another port.`, {
      cause: error,
    });
  }
};
