import type { QueryClient } from '@tanstack/react-query';
import { bestSellersQuery, productsQuery } from './queries.ts';

/** Answers that are not there by now are shown when they come. */
const WAIT_MS = 100;

/**
 * Puts the answers of `first-reads.js` into the client, so that the home page is drawn once, with
 * its products. Never rejects; does nothing for other pages.
 */
export const prepareFirstPage = async (client: QueryClient): Promise<void> => {
  if (window.moaFirstReads === undefined) return;
  const reads = Promise.all([
    client.prefetchQuery(bestSellersQuery),
    client.prefetchInfiniteQuery(productsQuery('', 'newest')),
  ]);
  const waited = new Promise((resolve) => {
    setTimeout(resolve, WAIT_MS);
  });
  await Promise.race([reads, waited]);
};
