import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { sessionQuery, type SignInRefusal, type SignInResult } from '../api/session.ts';
import { problemIn, type ShownProblem } from '../parts/problem-notice.tsx';

/** Without the service's word, an attempt that was too fast waits this long. */
const WAIT_SECONDS = 10;

/** Counts down to 0, once a second. */
const useCountdown = (): readonly [seconds: number, start: (seconds: number) => void] => {
  const [seconds, setSeconds] = useState(0);
  const isRunning = seconds > 0;
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setSeconds((left) => Math.max(0, left - 1)), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return [seconds, setSeconds];
};

/** What follows after signing in: the page that asked for it, or the room of the role. */
const useGoOn = (target: string | undefined) => {
  const client = useQueryClient();
  const router = useRouter();
  return async (): Promise<void> => {
    // Whatever was read as a visitor may look different now.
    await client.invalidateQueries({ refetchType: 'none' });
    const session = await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
    router.history.replace(target ?? (session?.role === 'staff' ? '/console' : '/'));
  };
};

/** Signs in and goes on; a refusal stays beside the form, of which nothing is lost. */
export const useSignIn = (target: string | undefined) => {
  const [problem, setProblem] = useState<ShownProblem>();
  const [waitSeconds, wait] = useCountdown();
  const goOn = useGoOn(target);
  const { mutate, isPending } = useMutation({
    mutationFn: async ({ send, stay = false, onRefused }: Attempt) => {
      const sent = await send();
      if (sent.ok) {
        if (!stay) await goOn();
        return;
      }
      const refusal = sent.problem;
      if (refusal.code === 'rate_limited') wait(Math.ceil(refusal.waitSeconds || WAIT_SECONDS));
      else if (onRefused?.(refusal) !== true) setProblem(refusal);
    },
    onMutate: () => setProblem(undefined),
    onError: (error) => setProblem(problemIn(error)),
  });
  return { attempt: mutate, isSending: isPending, problem, waitSeconds };
};

interface Attempt {
  readonly send: () => Promise<SignInResult>;
  /** Whether the browser leaves for another site. */
  readonly stay?: boolean;
  /** True when the form shows the refusal itself. */
  readonly onRefused?: (refusal: SignInRefusal) => boolean;
}

export type SignInState = ReturnType<typeof useSignIn>;
