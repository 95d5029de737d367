import { createClient } from './client.ts';
import { startTestService, temporaryDirectory, tokenFor, type RunningService } from './service.ts';
import type { Client } from './api-calls.ts';

/** A client that may do everything a shop may, and what the service that it calls has printed. */
type ServiceClient = Client & Pick<RunningService, 'output'>;

/** Starts service processes on one database and answers a client of each. */
export const startServices = async (
  databaseUrl: string,
  processes: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<[ServiceClient, ...ServiceClient[]]> => {
  // They share it for the key that signs their tokens.
  const directory = await temporaryDirectory();
  const token = await tokenFor(directory, 'service', 'shop');
  const start = async (): Promise<ServiceClient> => {
    const { url, output } = await startTestService({
      DATABASE_URL: databaseUrl,
      MOA_DATA_DIR: directory,
      ...environment,
    });
    return { ...createClient(url, token), output };
  };
  const others = Array.from({ length: processes - 1 }, start);
  return [await start(), ...(await Promise.all(others))];
};

/** PostgreSQL's `lock_not_available`: on a disk that stalls it says nothing about the locks. */
const LOCK_TIMEOUT = '55P03';

/** The SQLSTATE of each batch that failed, also of those that succeeded when tried again. */
export const faultsOf = (services: readonly ServiceClient[]): string[] =>
  services
    .flatMap(({ output }) => [...output().matchAll(/"code":"([0-9A-Z]{5})"/g)])
    .map(([, code = '']) => code)
    .filter((code) => code !== LOCK_TIMEOUT);
