import type { QueryClient } from '@tanstack/react-query';
import type { LiveOptions } from '@moa-commerce/client';
import { operationsKey, showStates } from './live-states.ts';
import { moa } from './moa.ts';
import { readSessionAgain, type SignedIn } from './session.ts';

/** A stream opens again within five seconds, also after a restart of the service. */
const AWAY_MS = 10_000;
/** A stream that was refused for good, as by the page of a proxy, is asked for again after this. */
const REFUSED_MS = 30_000;

/** Who follows what. */
interface Following {
  readonly session: Pick<SignedIn, 'id' | 'role'> | null;
  /** The ids of the products that the page shows. */
  readonly products: readonly string[];
}

const optionsOf = ({ session, products }: Following): LiveOptions => ({
  products,
  bestSellers: true,
  orders: session?.role === 'customer',
  wallet: session?.role === 'customer',
  operations: session?.role === 'staff',
});

/**
 * Follows what the page shows until the returned function is called. Figures of the service that
 * have not arrived for ten seconds are removed; a refused stream has the session read again.
 */
export const follow = (client: QueryClient, following: Following): (() => void) => {
  let away: ReturnType<typeof setTimeout> | undefined;
  let refused: ReturnType<typeof setTimeout> | undefined;
  let leave = (): void => undefined;
  const states = showStates(client, following.session?.id);
  const waitForFigures = (): void => {
    away ??= setTimeout(() => void client.resetQueries({ queryKey: operationsKey }), AWAY_MS);
  };
  const begin = (): void => {
    waitForFigures();
    leave = moa.live({ ...optionsOf(following), onWait: waitForFigures }).listen({
      ...states,
      operations: (operations) => {
        clearTimeout(away);
        away = undefined;
        states.operations?.(operations);
      },
      failed: () => {
        waitForFigures();
        void readSessionAgain(client);
        refused = setTimeout(begin, REFUSED_MS);
      },
    });
  };
  begin();
  return () => {
    leave();
    clearTimeout(away);
    clearTimeout(refused);
  };
};
