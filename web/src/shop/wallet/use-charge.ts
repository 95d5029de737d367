import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { moa } from '../../api/moa.ts';
import { walletQuery } from '../../api/queries.ts';
import { inTab } from '../../api/storage.ts';
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
interface ChargeRefusal extends ShownProblem {
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

const charges = createCharges(inTab);

/** The charge of this tab: `keep` keeps it for a reload, and its key before the press. */
const useKeptCharge = (userId: string) => {
  const kept = useRef<KeptCharge>(undefined);
  const keep = useCallback((charge: KeptCharge): KeptCharge => {
    charges.write(charge);
    kept.current = charge;
    moa.intent(chargeName(charge));
    return charge;
  }, []);
  const current = useCallback(
    (): KeptCharge => kept.current ?? keep(chargeOf(charges.read(), userId, Date.now(), newId)),
    [keep, userId],
  );
  const renew = useCallback((): void => void keep({ userId, id: newId() }), [keep, userId]);
  return { keep, current, renew };
};

/** Says what came of a charge, and shows the new balance. */
const useChargeState = () => {
  const client = useQueryClient();
  const [refusal, setRefusal] = useState<ChargeRefusal>();
  const [charged, setCharged] = useState<Charged>();
  const [isByShop, setByShop] = useState(charges.isByShop);
  const [lost, setLost] = useState<PressedCharge>();
  const readAgain = useCallback(() => client.invalidateQueries({ queryKey: ['me'] }), [client]);
  const begin = useCallback((): void => {
    setRefusal(undefined);
    setCharged(undefined);
    setLost(undefined);
  }, []);
  const lose = useCallback((pressed: PressedCharge, problem: ChargeRefusal): void => {
    setLost(pressed);
    setRefusal(problem);
  }, []);
  const refuse = useCallback(
    (problem: ChargeRefusal): void => {
      setRefusal(problem);
      if (problem.code === 'forbidden') {
        charges.noteByShop();
        setByShop(true);
      }
      void readAgain();
    },
    [readAgain],
  );
  const show = useCallback(
    (charge: Charged, createdAt: string): void => {
      setCharged(charge);
      // The balance of an earlier answer is not the one of now.
      if (charge.replayed) return;
      client.setQueryData(walletQuery.queryKey, (old) =>
        old === undefined ? old : { ...old, balance: charge.balance, updatedAt: createdAt },
      );
    },
    [client],
  );
  return { refusal, charged, isByShop, lost, readAgain, begin, lose, refuse, show };
};

/**
 * Charges the wallet once for each press: the key is made before the press, and a reload sends the
 * same charge with the same key. `onCharged` is called with the purchase that waits for it.
 */
export const useCharge = (
  userId: string,
  onCharged: (thenPay: Pressed | undefined) => void,
): Charging => {
  const { phase, run, rest } = useSending();
  const { keep, current, renew } = useKeptCharge(userId);
  const { refusal, charged, isByShop, lost, readAgain, begin, lose, refuse, show } =
    useChargeState();
  const isResumed = useRef(false);

  const send = useCallback(
    async (pressed: PressedCharge): Promise<void> => {
      const charge = keep({ ...current(), pressed });
      const intent = moa.intent(chargeName(charge));
      begin();
      const outcome = await run((onWait) =>
        moa.wallet(userId).charge(pressed.amount, { key: intent, onWait }),
      );
      if (outcome === undefined) return;
      rest();
      if (outcome.ok) {
        const { amount, balance, createdAt } = outcome.data;
        show({ amount, balance, replayed: outcome.replayed }, createdAt);
        onCharged(pressed.thenPay);
        await intent.done();
        renew();
        await readAgain();
      } else if ('lost' in outcome) {
        lose(pressed, outcome.lost);
      } else {
        // A key that was used has its effect in the statement; otherwise it is still unused.
        if (outcome.problem.code === 'idempotency_key_reused') renew();
        else keep({ userId, id: charge.id });
        refuse(outcome.problem);
      }
    },
    [begin, current, keep, lose, onCharged, readAgain, refuse, renew, rest, run, show, userId],
  );

  useEffect(() => {
    if (isResumed.current) return undefined;
    const { pressed } = current();
    const timer = setTimeout(() => {
      isResumed.current = true;
      if (pressed !== undefined) void send(pressed);
    });
    return () => clearTimeout(timer);
  }, [current, send]);

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
