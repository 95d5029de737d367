/** What a write is bound to: versions of the cart as entity tags, or whichever there is. */
export type Precondition = 'any' | readonly string[];

// RFC 9110 §8.8.3 (entity tags) and §5.6.1.2 (lists, which may have empty elements). One element at
// a time, because a tag may have commas in it, and because one pattern for the whole list would
// take exponential time on a list that does not end as it should.
const ELEMENT = /[\t ]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[\t ]*)?(?:,|$)/gy;
const ANY = /^[\t ]*\*[\t ]*$/;

/**
 * Reads the header `If-Match` (RFC 9110 §13.1.1); undefined when it has not that form. Without the
 * header any version will do. A list without a tag, which could match nothing, is a mistake too.
 */
export const parseIfMatch = (header: string | undefined): Precondition | undefined => {
  if (header === undefined || ANY.test(header)) return 'any';
  const elements = [...header.matchAll(ELEMENT)];
  const end = elements.reduce((length, [element]) => length + element.length, 0);
  const tags = elements.flatMap(([, tag]) => tag ?? []);
  return end === header.length && tags.length > 0 ? tags : undefined;
};

/** The strong entity tag of a version. */
export const etagOf = (version: number): string => `"${version}"`;

/** Strong comparison (RFC 9110 §8.8.3.2): a weak tag matches nothing. */
export const isMet = (precondition: Precondition, version: number): boolean =>
  precondition === 'any' || precondition.includes(etagOf(version));
