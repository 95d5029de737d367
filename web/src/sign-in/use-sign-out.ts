import { useMutation, useQueryClient } from '@tanstack/react-query';
import { forget } from '../api/personal.ts';
import { SIGN_OUT, sendToSignIn, sessionQuery } from '../api/session.ts';
import { problemIn, type ShownProblem } from '../parts/problem-notice.tsx';

/**
 * Ends the session, goes on to another page and forgets what the last person saw. A refusal or a
 * lost connection leaves everything as it is, with the problem to show.
 */
export const useSignOut = (goOn: () => Promise<unknown>) => {
  const client = useQueryClient();
  const { mutate, isPending, data, error } = useMutation({
    mutationKey: SIGN_OUT,
    // A lost connection is shown at once; a sign-out that waits for it would surprise.
    networkMode: 'always',
    mutationFn: async (): Promise<ShownProblem | null> => {
      const sent = await sendToSignIn('sign-out');
      if (!sent.ok) return sent.problem;
      // First, because most pages are for somebody who signed in.
      await goOn();
      client.setQueryData(sessionQuery.queryKey, null);
      forget(client);
      return null;
    },
    onSuccess: (refusal) => {
      if (refusal === null) client.getMutationCache().clear();
    },
  });
  const problem = error === null ? (data ?? undefined) : problemIn(error);
  return { signOut: () => mutate(), isBusy: isPending, problem };
};
