import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './moa.ts';
import { readSessionAgain, sessionQuery } from './session.ts';

/** Reads of the session after the first one, and the pause before the first of them. */
const SESSION_RETRIES = 3;
const SESSION_PAUSE_MS = 500;

/** The cache of what the pages read; an answer 401 has the session read again. */
export const createQueryClient = (): QueryClient => {
  const onError = (error: unknown): void => {
    if (error instanceof ProblemError && error.problem.code === 'unauthenticated')
      void readSessionAgain(client);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // The client sends again by itself what is worth it.
        retry: false,
        staleTime: 5_000,
      },
    },
  });
  // Every page waits for it, and without it there is none: it is worth seconds of waiting.
  client.setQueryDefaults(sessionQuery.queryKey, {
    retry: SESSION_RETRIES,
    retryDelay: (failures) => SESSION_PAUSE_MS * 2 ** failures,
  });
  return client;
};
