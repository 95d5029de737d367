import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { moa } from '../../api/moa.ts';
import { walletQuery } from '../../api/queries.ts';
import type { ShownProblem } from '../../parts/problem-notice.tsx';
import { newId } from '../new-id.ts';
import type { Phase } from '../sending.ts';
import { useSending } from '../use-sending.ts';
import type { Pressed } from '../checkout/pressed.ts';
import {
  chargeName,
  chargeOf,
  createCharges,
  type KeptCharge,
  type PressedCharge,
} from './kept-charge.ts';

/** A refused charge; the limit of the wallet where that was the reason. */
export interface ChargeRefusal extends ShownProblem {
  readonly limit?: number;
  readonly balance?: number;
}

/** A charge that was answered. */
export interface Charged {
  readonly amount: number;
  readonly balance: number;
  readonly replayed: boolean;
}

export interface Charging {
  readonly phase: Phase;
  readonly refusal: ChargeRefusal | undefined;
  readonly charged: Charged | undefined;
  /** Shoppers may not charge here: the shop does. */
  readonly isByShop: boolean;
  readonly charge: (amount: number, thenPay?: Pressed) => void;
  /** Sends a charge again whose effect is not known. */
  readonly retry: (() => void) | undefined;
}

const charges = createCharges(sessionStorage);

/**
 * Charges the wallet once for each press: the key is made before the press, and a reload sends the
 * same charge with the same key. `onCharged` is called with the purchase that waits for it.
 */
export const useCharge = (
  userId: string,
  onCharged: (thenPay: Pressed | undefined) => void = () => undefined,
): Charging => {
  const client = useQueryClient();
  const { phase, run, rest } = useSending();
  const [refusal, setRefusal] = useState<ChargeRefusal>();
  const [charged, setCharged] = useState<Charged>();
  const [isByShop, setByShop] = useState(charges.isByShop);
  const [lost, setLost] = useState<PressedCharge>();
  const kept = useRef<KeptCharge>(undefined);
  const isResumed = useRef(false);

  const prepare = useCallback(
    (next?: KeptCharge): KeptCharge => {
      const current = next ?? chargeOf(charges.read(), userId, Date.now(), newId);
      charges.write(current);
      kept.current = current;
      // The key is kept before the press.
      moa.intent(chargeName(current));
      return current;
    },
    [userId],
  );

  const send = useCallback(
    async (pressed: PressedCharge): Promise<void> => {
      const current = prepare({ ...(kept.current ?? prepare()), pressed });
      const intent = moa.intent(chargeName(current));
      setRefusal(undefined);
      setCharged(undefined);
      setLost(undefined);
      const outcome = await run((onWait) =>
        moa.wallet().charge(pressed.amount, { key: intent, onWait }),
      );
      if (outcome === undefined) return;
      rest();
      if (!outcome.ok && 'lost' in outcome) {
        setLost(pressed);
        setRefusal(outcome.lost);
        return;
      }
      if (!outcome.ok) {
        const isDone = outcome.problem.code === 'idempotency_key_reused';
        prepare({ userId, id: isDone ? newId() : current.id });
        setRefusal(outcome.problem);
        if (outcome.problem.code === 'forbidden') {
          charges.noteByShop();
          setByShop(true);
        }
        await client.invalidateQueries({ queryKey: ['me'] });
        return;
      }
      const { balance, createdAt, amount } = outcome.data;
      setCharged({ amount, balance, replayed: outcome.replayed });
      if (!outcome.replayed) {
        client.setQueryData(walletQuery.queryKey, (old) =>
          old === undefined ? old : { ...old, balance, updatedAt: createdAt },
        );
      }
      onCharged(pressed.thenPay);
      await intent.done();
      prepare({ userId, id: newId() });
      await client.invalidateQueries({ queryKey: ['me'] });
    },
    [client, onCharged, prepare, rest, run, userId],
  );

  useEffect(() => {
    if (isResumed.current) return undefined;
    const { pressed } = prepare();
    const timer = setTimeout(() => {
      isResumed.current = true;
      if (pressed !== undefined) void send(pressed);
    });
    return () => clearTimeout(timer);
  }, [prepare, send]);

  return {
    phase,
    refusal,
    charged,
    isByShop,
    charge: (amount, thenPay) =>
      void send({ amount, at: Date.now(), ...(thenPay === undefined ? {} : { thenPay }) }),
    retry: lost === undefined ? undefined : () => void send(lost),
  };
};
