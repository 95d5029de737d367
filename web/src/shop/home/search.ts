import { PRODUCT_SORTS, type ProductSort } from '../../api/queries.ts';

/** What is searched and how it is sorted, as the address has it. */
export interface ProductSearch {
  readonly query?: string;
  readonly sort?: ProductSort;
}

/** Reads the address of the home page; what it does not know is left out. */
export const readProductSearch = ({ query, sort }: Record<string, unknown>): ProductSearch => {
  const known = PRODUCT_SORTS.find((each) => each === sort);
  return {
    ...(typeof query === 'string' && query !== '' ? { query } : {}),
    ...(known === undefined ? {} : { sort: known }),
  };
};
