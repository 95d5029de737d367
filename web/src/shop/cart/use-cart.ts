import { useDebouncedCallback } from '@mantine/hooks';
import type { Cart, Result } from '@moa-commerce/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { moa } from '../../api/moa.ts';
import { cartQuery } from '../../api/queries.ts';
import { problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import { canComeBack, withQuantities, type CartLine } from './lines.ts';

/** Clicks on a stepper are sent together when none came for this long. */
const SETTLE_MS = 300;

type Chosen = Readonly<Record<string, number | undefined>>;

/** A change of one line; no quantity removes it. */
interface Change {
  readonly productId: string;
  readonly quantity?: number;
}

type Sent = Result<Cart, { readonly code: string }>;

/** Changes go one after the other, each based on the version that the one before made. */
const useSend = (showProblem: (problem: ShownProblem | undefined) => void) => {
  const client = useQueryClient();
  const { queryKey } = cartQuery;
  const refetch = () => client.invalidateQueries({ queryKey });
  return useMutation({
    scope: { id: 'cart' },
    mutationFn: async ({ productId, quantity }: Change): Promise<Sent> => {
      await client.cancelQueries({ queryKey });
      const options = { version: client.getQueryData(queryKey)?.version };
      return quantity === undefined
        ? moa.cart().remove(productId, options)
        : moa.cart().set(productId, quantity, options);
    },
    onSuccess: (sent) => {
      showProblem(sent.ok ? undefined : sent.problem);
      if (sent.ok) client.setQueryData(queryKey, sent.data);
      return sent.ok ? undefined : refetch();
    },
    onError: (error) => {
      showProblem(problemIn(error));
      return refetch();
    },
  });
};

/** Quantities that the customer chose and the service does not have yet. */
const useChosen = (send: (change: Change) => Promise<Sent>) => {
  const [chosen, setChosen] = useState<Chosen>({});
  const unsent = useRef<Record<string, number>>({});
  const inFlight = useRef<readonly Promise<boolean>[]>([]);
  const sendOne = async ([productId, quantity]: [string, number]): Promise<boolean> => {
    try {
      return (await send({ productId, quantity })).ok;
    } catch {
      // `useSend` shows it.
      return false;
    } finally {
      // A later choice stays until it was sent itself.
      setChosen((now) => (now[productId] === quantity ? { ...now, [productId]: undefined } : now));
    }
  };
  const sendAll = async (): Promise<boolean> => {
    const sending = Object.entries(unsent.current).map(sendOne);
    unsent.current = {};
    // What left before the last call is awaited, too.
    const all = [...inFlight.current, ...sending];
    inFlight.current = all;
    const outcomes = await Promise.all(all);
    if (inFlight.current === all) inFlight.current = [];
    return outcomes.every(Boolean);
  };
  const sendSettled = useDebouncedCallback(() => void sendAll(), {
    delay: SETTLE_MS,
    flushOnUnmount: true,
  });
  const choose = (productId: string, quantity: number): void => {
    unsent.current[productId] = quantity;
    setChosen((now) => ({ ...now, [productId]: quantity }));
    sendSettled();
  };
  return { chosen, choose, sendAll };
};

/**
 * The cart as the customer sees it, with what was just chosen, and its changes. A change that is
 * based on an old cart (another tab was faster) is refused: `problem` says so beside the new cart.
 */
export const useCart = () => {
  const query = useQuery(cartQuery);
  const [problem, showProblem] = useState<ShownProblem>();
  const [removed, setRemoved] = useState<readonly CartLine[]>([]);
  const { mutateAsync: send, isPending } = useSend(showProblem);
  const { chosen, choose, sendAll } = useChosen(send);
  const sendEach = async (changes: readonly Change[]): Promise<boolean> => {
    try {
      await sendAll();
      const sent = await Promise.all(changes.map((change) => send(change)));
      return sent.every(({ ok }) => ok);
    } catch {
      // `useSend` shows it.
      return false;
    }
  };
  const remove = async (lines: readonly CartLine[]): Promise<boolean> => {
    const isDone = await sendEach(lines.map(({ productId }) => ({ productId })));
    if (isDone) setRemoved(lines);
    return isDone;
  };
  const restore = async (): Promise<void> => {
    const changes = removed
      .filter(canComeBack)
      .map(({ productId, quantity }) => ({ productId, quantity }));
    if (await sendEach(changes)) setRemoved([]);
  };
  return {
    query,
    cart: query.data === undefined ? undefined : withQuantities(query.data, chosen),
    problem,
    /** What was removed last. */
    removed,
    isSending: isPending,
    choose,
    remove,
    /** Adds it again. */
    restore,
    /** Sends what was chosen; false when a change was refused. */
    settle: sendAll,
  };
};
