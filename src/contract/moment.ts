import { Type } from 'typebox';
import { invalid } from './reply.ts';
import { Timestamp } from './schemas.ts';

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

/** A parameter that asks for a past time; other callers than staff and services may not send it. */
export const AT = {
  at: Type.Optional({
    ...Moment,
    description: 'answers for this past time, to the millisecond; RFC 3339',
  }),
};

/** The access to `at`. */
export const AT_RESTRICTED = { query: 'at', access: ['staff', 'service'] } as const;

/** The time for which an answer to `at` holds. */
export const AsOf = {
  ...Timestamp,
  description:
    'the time of the answer, RFC 3339: `at`, or an earlier one while a change up to `at` is being ' +
    'committed',
};

/** The last millisecond that is not after a moment. An event of that millisecond is included. */
export const untilOf = (moment: string): Date => new Date(Date.parse(moment));

export const notYet = invalid('/query/at', 'must not be in the future');
