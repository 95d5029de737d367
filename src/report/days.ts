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
 * The days cut at a local time (HH:MM), so that a day that has not ended is compared with others. A
 * time that the clocks skip is the instant after the gap, one that they show twice the first
 * (RFC 5545 §3.3.5); no day gets longer.
 */
export const cutAt = (days: readonly Day[], time: string, timeZone: string): Day[] =>
  days.map((each) => {
    const local = Temporal.PlainDate.from(each.day).toZonedDateTime({ timeZone, plainTime: time });
    const cut = Math.min(Math.max(local.epochMilliseconds, +each.begins), +each.ends);
    return { ...each, ends: new Date(cut) };
  });

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
