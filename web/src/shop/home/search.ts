import { PRODUCT_SORTS, type ProductSort } from '../../api/product-sorts.ts';

/** What is searched and how it is sorted, as the address has it. */
export interface ProductSearch {
  readonly query?: string;
  readonly sort?: ProductSort;
}

/** Reads the address of the home page; what it does not know is left out. */
export const readProductSearch = ({ query, sort }: Record<string, unknown>): ProductSearch => {
  const known = PRODUCT_SORTS.find((each) => each === sort);
  // The router reads `?query=24` as a number.
  const text = typeof query === 'number' ? String(query) : query;
  return {
    ...(typeof text === 'string' && text !== '' ? { query: text } : {}),
    ...(known === undefined ? {} : { sort: known }),
  };
};

/** A lone consonant or vowel at the end is a Korean syllable that is still typed. */
const UNFINISHED_SYLLABLE = /[\u3131-\u3163]$/;

/** What a text that is still typed searches for. */
export const searchWhileTyping = (text: string): string =>
  text.trim().replace(UNFINISHED_SYLLABLE, '').trim();
