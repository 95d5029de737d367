import { hashKey, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sendToSignIn, sessionQuery } from '../api/session.ts';
import { problemIn, type ShownProblem } from '../parts/problem-notice.tsx';

const SESSION = hashKey(sessionQuery.queryKey);

/**
 * Ends the session, goes on to another page and forgets what the last person saw there. A refusal
 * or a lost connection leaves everything as it is, with the problem to show.
 */
export const useSignOut = (goOn: () => Promise<unknown>) => {
  const client = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem>();
  const leave = async (): Promise<ShownProblem | undefined> => {
    const sent = await sendToSignIn('sign-out');
    if (!sent.ok) return sent.problem;
    // First, because most pages are for somebody who signed in.
    await goOn();
    client.setQueryData(sessionQuery.queryKey, null);
    client.removeQueries({ predicate: ({ queryHash }) => queryHash !== SESSION });
    client.getMutationCache().clear();
    return undefined;
  };
  const signOut = async (): Promise<void> => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      setProblem(await leave());
    } catch (error) {
      setProblem(problemIn(error));
    } finally {
      setIsBusy(false);
    }
  };
  return { signOut, isBusy, problem };
};
