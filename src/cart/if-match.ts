import type { Precondition } from './change.ts';

// RFC 9110 §8.8.3 (entity tags) and §5.6.1.2 (lists, which may have empty elements). One element at
// a time, because a tag may contain commas, and because one pattern for the whole list would take
// exponential time on a list with an invalid end.
const ELEMENT = /[\t ]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[\t ]*)?(?:,|$)/gy;
const ANY = /^[\t ]*\*[\t ]*$/;

/**
 * Parses the header `If-Match` (RFC 9110 §13.1.1); undefined when the header is invalid. Without
 * the header any version is allowed. A list without a tag matches nothing, so it is invalid too.
 * Tags that are not a number are left out: no version has them.
 */
export const parseIfMatch = (header: string | undefined): Precondition | undefined => {
  if (header === undefined || ANY.test(header)) return 'any';
  const elements = [...header.matchAll(ELEMENT)];
  const end = elements.reduce((length, [element]) => length + element.length, 0);
  const tags = elements.flatMap(([, tag]) => tag ?? []);
  return end === header.length && tags.length > 0 ? tags.flatMap(versionIn) : undefined;
};

/** The strong entity tag of a version. */
export const etagOf = (version: number): string => `"${version}"`;

/** The version in an entity tag, if any. A weak tag has none: strong comparison (§8.8.3.2). */
const versionIn = (tag: string): number[] => {
  const version = Number(tag.slice(1, -1));
  return tag === etagOf(version) ? [version] : [];
};
