import { createMoa, storeIn, type IntentStore, type Result } from '@moa-commerce/client';
import { fetchFirst } from './first-reads.ts';
import { inBrowser, inTab } from './storage.ts';

const everywhere = storeIn(inBrowser);
const inThisTab = storeIn(inTab);

/** For a name that is never used for another effect: the name is the key. */
const named: IntentStore = {
  get: (name) => name,
  set: () => undefined,
  remove: () => undefined,
};

/**
 * A purchase has a name of its own, so all tabs send the same key at the same time, and a browser
 * that keeps nothing sends it after a reload. A charge belongs to the tab that makes it; the same
 * amount in another tab is another charge.
 */
const storeFor = (name: string): IntentStore => {
  if (name.startsWith('checkout:')) return named;
  return name.startsWith('charge:') ? inThisTab : everywhere;
};

/**
 * The one client of the pages. An intent of the same name has the same key after a reload and, but
 * for charges, in another tab.
 */
export const moa = createMoa({
  fetch: fetchFirst,
  intents: {
    get: (name) => storeFor(name).get(name),
    set: (name, key) => storeFor(name).set(name, key),
    remove: (name) => storeFor(name).remove(name),
  },
});

/** A problem as a query's error, so that pages show it; commands return problems as values. */
export class ProblemError extends Error {
  readonly problem: { readonly code: string };

  constructor(problem: { readonly code: string }) {
    super(problem.code);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** The data of a result; throws a `ProblemError` for a problem. */
export const dataOf = async <Data>(
  result: Promise<Result<Data, { readonly code: string }>>,
): Promise<Data> => {
  const settled = await result;
  if (settled.ok) return settled.data;
  throw new ProblemError(settled.problem);
};
