import { useQuery } from '@tanstack/react-query';
import type { Order } from '@moa-commerce/client';
import { useState } from 'react';
import { moa } from '../../api/moa.ts';
import { orderOfPress, type Sight } from './pressed.ts';
import type { CheckoutLine } from './purchase.ts';

/** The order of what was seen is among the newest. */
const NEWEST = 10;

/** The order that what was seen became. */
export const lookFor = async (sight: Sight): Promise<Order | undefined> => {
  try {
    const page = await moa.orders({ limit: NEWEST }).page();
    return page.ok ? orderOfPress(sight, page.data.items) : undefined;
  } catch {
    // Without a connection nothing is said about it; the orders show it.
    return undefined;
  }
};

/**
 * The order of a cart that was shown here and was paid in another tab, which empties it; undefined
 * while it is not known.
 */
export const usePaidElsewhere = (
  lines: readonly CheckoutLine[],
): { readonly isLooking: boolean; readonly orderId: string | undefined } => {
  const [at] = useState(Date.now);
  const [last, setLast] = useState(lines);
  if (lines.length > 0 && lines !== last) setLast(lines);
  const isEmptied = lines.length === 0 && last.length > 0;
  const { data, isPending } = useQuery({
    queryKey: ['me', 'paid-elsewhere', at],
    queryFn: async () => (await lookFor({ lines: last, at })) ?? null,
    enabled: isEmptied,
  });
  return { isLooking: isEmptied && isPending, orderId: isEmptied ? data?.orderId : undefined };
};
