import { PRODUCT_SORTS, type ProductSort } from '../../api/product-sorts.ts';
import type { Filters } from '../parts/filters.ts';

/** As long as a search may be. */
export const SEARCH_LENGTH_MAX = 100;

/** What the list of products is asked for. */
export interface ProductsQuery {
  readonly query?: string;
  readonly sort: ProductSort;
  readonly status: 'active' | 'archived';
}

/** The query for the filters in an address; what cannot be a filter is left out. */
export const queryOf = (filters: Filters): ProductsQuery => {
  const query = (filters['query'] ?? '').trim().slice(0, SEARCH_LENGTH_MAX);
  return {
    ...(query === '' ? {} : { query }),
    sort: PRODUCT_SORTS.find((sort) => sort === filters['sort']) ?? 'newest',
    status: filters['status'] === 'archived' ? 'archived' : 'active',
  };
};
