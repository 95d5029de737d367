/** A name or an index as it stands in a JSON pointer (RFC 6901 §3). */
export const escapeStep = (step: string | number): string =>
  String(step).replaceAll('~', '~0').replaceAll('/', '~1');

const LENGTH_MAX = 200;

/** A pointer, or the beginning of one that is longer than any into a request that we take. */
export const bounded = (pointer: string): string => pointer.slice(0, LENGTH_MAX).toWellFormed();
