import type { components } from '@moa-commerce/client';

type OrderEvent = components['schemas']['OrderEvent'];

/** What an event says besides its kind. */
export interface EventDetail {
  readonly amount?: number;
  readonly reason?: string;
  readonly restock?: boolean;
}

/** The kind of an event, as the words of the timeline name it. */
export const kindOf = ({ type }: Pick<OrderEvent, 'type'>) => {
  const [, kind] = /^moa\.order\.(placed|paid|cancelled|expired|refunded)\.v1$/.exec(type) ?? [];
  return kind as 'placed' | 'paid' | 'cancelled' | 'expired' | 'refunded' | undefined;
};

/** The amount, the reason and what became of the stock, where the event has them. */
export const detailOf = ({ data }: { readonly data: object }): EventDetail => {
  const { amount, reason, restock } = data as Readonly<Record<string, unknown>>;
  return {
    ...(typeof amount === 'number' ? { amount } : {}),
    ...(typeof reason === 'string' && reason !== '' ? { reason } : {}),
    ...(typeof restock === 'boolean' ? { restock } : {}),
  };
};
