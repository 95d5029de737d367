import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Order, PaidOrder } from '@moa-commerce/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { moa } from '../../api/moa.ts';
import { orderQuery, walletQuery } from '../../api/queries.ts';
import { inBrowser } from '../../api/storage.ts';
import type { ShownProblem } from '../../parts/problem-notice.tsx';
import type { Phase } from '../sending.ts';
import { useIsShown } from '../use-is-shown.ts';
import { useSending } from '../use-sending.ts';
import { lookFor } from './paid-elsewhere.ts';
import { createPresses, resumeOf, type Pressed } from './pressed.ts';
import {
  contentOf,
  nameOf,
  orderOf,
  seenOf,
  slotOf,
  totalOf,
  type CheckoutLine,
  type Purchase,
  type Seen,
} from './purchase.ts';

export interface Checkout {
  readonly phase: Phase;
  readonly refusal: ShownProblem | undefined;
  /** What the shopper saw when the sheet opened, or agreed to with the last press. */
  readonly seen: Seen;
  /** The lines of what was pressed, while it is sent: the cart is empty once it is paid. */
  readonly held: readonly CheckoutLine[] | undefined;
  /** The order that this purchase became earlier. */
  readonly paidOrderId: string | undefined;
  /** An earlier press of this cart that was paid; the sheet shows what is in the cart now. */
  readonly earlier: Order | undefined;
  /** What a press would send. */
  readonly preparePress: () => Pressed;
  readonly pay: (pressed: Pressed) => Promise<void>;
  /** Sends a purchase again whose effect is not known. */
  readonly retry: (() => void) | undefined;
}

const presses = createPresses(inBrowser);

const keepPressed = (pressed: Pressed): void => presses.keep(pressed, Date.now());

/** Reads again what a refusal says has changed; the sheet then shows the lines as they are. */
const useRefresh = (purchase: Purchase): (() => Promise<void>) => {
  const client = useQueryClient();
  const productId = purchase.from === 'product' ? purchase.productId : undefined;
  return useCallback(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['me'] }),
      client.invalidateQueries({ queryKey: ['product', productId] }),
    ]);
  }, [client, productId]);
};

/** Writes the paid order into the cache and has everything read again that it changed. */
const useShowPaid = (): ((order: PaidOrder, replayed: boolean) => void) => {
  const client = useQueryClient();
  return useCallback(
    (order, replayed) => {
      client.setQueryData(orderQuery(order.orderId).queryKey, order);
      // The balance of an earlier answer is not the one of now.
      if (!replayed && order.paidAt !== null) {
        const { balance, paidAt } = order;
        client.setQueryData(walletQuery.queryKey, (old) =>
          old === undefined ? old : { ...old, balance, updatedAt: paidAt },
        );
      }
      void client.invalidateQueries({ queryKey: ['me'] });
      void client.invalidateQueries({ queryKey: ['products'] });
      for (const { productId } of order.items)
        void client.invalidateQueries({ queryKey: ['product', productId] });
    },
    [client],
  );
};

/**
 * One purchase: the key is made before the press, every press and reload sends the same request
 * with it, and the intent is done when the receipt is shown.
 */
export const useCheckout = (purchase: Purchase, lines: readonly CheckoutLine[]): Checkout => {
  const navigate = useNavigate();
  const { phase, run, rest } = useSending();
  const refresh = useRefresh(purchase);
  const showPaid = useShowPaid();
  const slot = slotOf(purchase);
  const name = nameOf(purchase);
  const hasLines = lines.length > 0;
  const [found] = useState(() => presses.find(slot, Date.now()));
  const [resume] = useState(() => resumeOf(found, { name, lines: lines.length }));
  const [isResuming, setResuming] = useState(resume === 'send');
  const [refused, setRefused] = useState<{ problem: ShownProblem; content: string }>();
  const [seen, setSeen] = useState(() => seenOf(lines));
  const [held, setHeld] = useState(resume === 'send' ? found?.lines : undefined);
  const [lost, setLost] = useState<Pressed>();
  const [earlier, setEarlier] = useState<Order>();
  const isShown = useIsShown();
  const isResumed = useRef(false);

  const finish = useCallback(
    async (pressed: Pressed, order: PaidOrder, replayed: boolean): Promise<void> => {
      const intent = moa.intent(pressed.name);
      showPaid(order, replayed);
      if (isShown.current) {
        await navigate({
          to: '/orders/$orderId',
          params: { orderId: order.orderId },
          replace: true,
          state: { paid: replayed ? 'before' : 'now' },
        });
      }
      if (pressed.slot.startsWith('cart:')) presses.forget(pressed.slot);
      else keepPressed({ ...pressed, lines: [], orderId: order.orderId });
      await intent.done();
    },
    [isShown, navigate, showPaid],
  );

  const pay = useCallback(
    async (pressed: Pressed): Promise<void> => {
      setResuming(false);
      setRefused(undefined);
      setLost(undefined);
      setHeld(pressed.lines);
      setSeen(seenOf(pressed.lines));
      keepPressed(pressed);
      const key = moa.intent(pressed.name);
      const content = contentOf(pressed.lines);
      const outcome = await run((onWait) => moa.checkout(pressed.order, { key, onWait }));
      if (outcome === undefined) return;
      if (outcome.ok) {
        await finish(pressed, outcome.data, outcome.replayed);
        return;
      }
      if ('lost' in outcome) {
        setLost(pressed);
        setRefused({ problem: outcome.lost, content });
      } else {
        // A refused request had no effect and did not use its key.
        presses.forget(pressed.slot);
        await refresh();
        setRefused({ problem: outcome.problem, content });
        setHeld(undefined);
      }
      rest();
    },
    [finish, refresh, rest, run],
  );

  useEffect(() => {
    // The key is kept before the press; an empty cart is not pressed.
    if (hasLines) moa.intent(name);
  }, [name, hasLines]);

  useEffect(() => {
    if (found === undefined || isResumed.current) return undefined;
    const timer = setTimeout(() => {
      isResumed.current = true;
      if (resume === 'send') void pay(found);
      if (resume === 'look') {
        presses.forget(found.slot);
        void lookFor(found).then(setEarlier);
      }
    });
    return () => clearTimeout(timer);
  }, [found, resume, pay]);

  return {
    phase: isResuming ? 'sending' : phase,
    refusal:
      lost !== undefined || refused?.content === contentOf(lines) ? refused?.problem : undefined,
    seen,
    held,
    paidOrderId: found?.orderId,
    earlier,
    preparePress: () => {
      const other = presses.find(slot, Date.now());
      // Another tab pressed the same purchase: both send the same request.
      if (other !== undefined && other.name === name) return other;
      const order = orderOf(purchase, totalOf(lines));
      return { slot, name, order, lines, at: Date.now() };
    },
    pay,
    retry: lost === undefined ? undefined : () => void pay(lost),
  };
};
