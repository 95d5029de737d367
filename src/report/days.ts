import { Temporal } from 'temporal-polyfill';

/** A calendar day of a time zone: from `begins` up to, but not including, `ends`. */
export interface Day {
  /** YYYY-MM-DD */
  readonly day: string;
  readonly begins: Date;
  readonly ends: Date;
}

/** The number of days from one date to a later one. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;

/**
 * The days from one date up to, but not including, another. A day begins at its first instant in
 * the zone, so it may last 23 or 25 hours, or none where a zone has skipped it.
 */
export const daysOf = (from: string, to: string, timeZone: string): Day[] => {
  const first = Temporal.PlainDate.from(from);
  const dates = Array.from({ length: daysBetween(from, to) + 1 }, (_, days) => first.add({ days }));
  const instants = dates.map((date) => new Date(date.toZonedDateTime(timeZone).epochMilliseconds));
  return dates.slice(1).map((_, index) => ({
    day: dates[index]!.toString(),
    begins: instants[index]!,
    ends: instants[index + 1]!,
  }));
};
