/** Escapes a name or an index for a JSON pointer (RFC 6901 §3). */
export const escapeStep = (step: string | number): string =>
  String(step).replaceAll('~', '~0').replaceAll('/', '~1');

const LENGTH_MAX = 200;

/** Cuts a pointer that is longer than any pointer into a valid request. */
export const bounded = (pointer: string): string => pointer.slice(0, LENGTH_MAX).toWellFormed();
