import { createClient } from './client.ts';
import {
  startTestService,
  temporaryDirectory,
  tokenFor,
  type Environment,
  type OnEnd,
  type RunningService,
} from './service.ts';
import { startServiceHere, type ServiceHere } from './service-here.ts';
import type { Client } from './api-calls.ts';

/** A client with the rights of a shop's back end, and the output of its service. */
type ServiceClient = Client & Pick<RunningService, 'output'>;

/** These tests ask what is answered; on a busy machine 100 requests at once take over 5 seconds. */
const ANSWER_SECONDS = '60';

/** Starts services in the process of the tests on one database; returns a client of each. */
export const startServices = (
  databaseUrl: string,
  count: number,
  environment?: Environment,
  onEnd?: OnEnd,
): Promise<Clients> => startEach(startServiceHere, databaseUrl, count, environment, onEnd);

/** The same, each in a process of its own: for races between processes, and for their times. */
export const startProcesses = (
  databaseUrl: string,
  count: number,
  environment?: Environment,
  onEnd?: OnEnd,
): Promise<Clients> => startEach(startTestService, databaseUrl, count, environment, onEnd);

type Clients = [ServiceClient, ...ServiceClient[]];

const startEach = async (
  startOne: (
    environment: Environment & { readonly DATABASE_URL: string },
    onEnd?: OnEnd,
  ) => Promise<ServiceHere>,
  databaseUrl: string,
  count: number,
  environment: Environment = {},
  onEnd?: OnEnd,
): Promise<Clients> => {
  // A shared directory for the key that signs the tokens.
  const directory = await temporaryDirectory(onEnd);
  const token = await tokenFor(directory, 'service', 'shop');
  const start = async (): Promise<ServiceClient> => {
    const { url, output } = await startOne(
      {
        DATABASE_URL: databaseUrl,
        MOA_DATA_DIR: directory,
        MOA_ANSWER_SECONDS: ANSWER_SECONDS,
        ...environment,
      },
      onEnd,
    );
    return { ...createClient(url, token), output };
  };
  const others = Array.from({ length: count - 1 }, start);
  return [await start(), ...(await Promise.all(others))];
};

/** PostgreSQL's `lock_not_available`, which a slow disk can also cause. */
const LOCK_TIMEOUT = '55P03';

/** The SQLSTATE of each failed attempt of a batch, including batches that succeeded on retry. */
export const faultsOf = (services: readonly ServiceClient[]): string[] =>
  services
    .flatMap(({ output }) => [...output().matchAll(/"code":"([0-9A-Z]{5})"/g)])
    .map(([, code = '']) => code)
    .filter((code) => code !== LOCK_TIMEOUT);
