import { Type } from 'typebox';

/** A time that a client gives (RFC 3339), with any offset and up to nanoseconds. */
export const Moment = Type.String({
  pattern:
    '^[12]\\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d' +
    '(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)$',
  format: 'date-time',
  description: 'RFC 3339',
});

const BEYOND_MS = /\.\d{3}0*[1-9]/;

/**
 * The first millisecond that is not before a moment. Stored times are whole milliseconds, so a
 * comparison with it is exact.
 */
export const timeOf = (moment: string): Date =>
  new Date(Date.parse(moment) + (BEYOND_MS.test(moment) ? 1 : 0));
