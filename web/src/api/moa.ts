import { createMoa, storeIn, type Result } from '@moa-commerce/client';

/**
 * The one client of the pages. Keys of intents are kept in `localStorage`: an intent of the same
 * name has the same key after a reload and in another tab.
 */
export const moa = createMoa({ url: location.origin, intents: storeIn(localStorage) });

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
