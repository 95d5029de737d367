import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Order, OnWait, Result } from '@moa-commerce/client';
import { moa } from '../../api/moa.ts';
import { orderQuery } from '../../api/queries.ts';
import type { ShownProblem } from '../../parts/problem-notice.tsx';
import type { Phase } from '../sending.ts';
import { useSending } from '../use-sending.ts';

type Step = 'payment' | 'cancellation';

export interface PendingOrder {
  readonly step: Step | undefined;
  readonly phase: Phase;
  readonly refusal: ShownProblem | undefined;
  readonly pay: () => void;
  readonly cancel: () => void;
}

/** Pays or cancels a pending order; each happens once, however often it is pressed. */
export const usePendingOrder = (orderId: string): PendingOrder => {
  const client = useQueryClient();
  const { phase, run, rest } = useSending();
  const [step, setStep] = useState<Step>();
  const [refusal, setRefusal] = useState<ShownProblem>();
  const send = useCallback(
    async (
      next: Step,
      call: (options: {
        readonly key: ReturnType<typeof moa.intent>;
        readonly onWait: OnWait;
      }) => Promise<Result<Order, { readonly code: string }>>,
    ): Promise<void> => {
      const key = moa.intent(`${next}:${orderId}`);
      setStep(next);
      setRefusal(undefined);
      const outcome = await run((onWait) => call({ key, onWait }));
      if (outcome === undefined) return;
      if (outcome.ok) {
        client.setQueryData(orderQuery(orderId).queryKey, outcome.data);
        await key.done();
      } else {
        setRefusal('lost' in outcome ? outcome.lost : outcome.problem);
        void client.invalidateQueries({ queryKey: ['order', orderId] });
      }
      await client.invalidateQueries({ queryKey: ['me'] });
      setStep(undefined);
      rest();
    },
    [client, orderId, rest, run],
  );
  return {
    step,
    phase,
    refusal,
    pay: () => void send('payment', (options) => moa.payOrder(orderId, options)),
    cancel: () => void send('cancellation', (options) => moa.cancelOrder(orderId, options)),
  };
};
