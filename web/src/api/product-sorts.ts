/** The orders in which products are listed. */
export const PRODUCT_SORTS = ['newest', 'name', 'price', '-price'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];
