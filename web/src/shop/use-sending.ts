import type { OnWait, Result } from '@moa-commerce/client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { readSessionAgain } from '../api/session.ts';
import {
  isOtherSession,
  QUEUE_MS,
  sendUntilAnswered,
  type Outcome,
  type Phase,
} from './sending.ts';

/** Resolves after the time, or as soon as the browser has a network again. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
  });

export type Run = <Data, Refusal extends { readonly code: string }>(
  send: (onWait: OnWait) => Promise<Result<Data, Refusal>>,
) => Promise<Outcome<Data, Refusal> | undefined>;

/**
 * Sends what was pressed and says how it stands. A second press while the first is under way does
 * nothing and is answered with undefined. The phase stays until `rest`, because a page often leaves
 * after an answer.
 */
export const useSending = (): {
  readonly phase: Phase;
  readonly run: Run;
  readonly rest: () => void;
} => {
  const client = useQueryClient();
  const [phase, setPhase] = useState<Phase>('idle');
  const isBusy = useRef(false);
  const rest = useCallback(() => setPhase('idle'), []);
  const run: Run = useCallback(
    async (send) => {
      if (isBusy.current) return undefined;
      isBusy.current = true;
      setPhase('sending');
      const timer = setTimeout(
        () => setPhase((now) => (now === 'sending' ? 'queued' : now)),
        QUEUE_MS,
      );
      try {
        const outcome = await sendUntilAnswered(
          () => send(({ reason }) => setPhase(reason === 'busy' ? 'queued' : 'offline')),
          { now: Date.now, pause, onPhase: setPhase },
        );
        // Before the refusal is shown: the page of somebody else shows that instead.
        if (isOtherSession(outcome)) await readSessionAgain(client);
        return outcome;
      } finally {
        clearTimeout(timer);
        isBusy.current = false;
      }
    },
    [client],
  );
  return { phase, run, rest };
};
