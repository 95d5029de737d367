/** A local day as YYYY-MM-DD, some days away from a time. */
export const dayOf = (time: Date, days = 0): string => {
  const day = new Date(time.getFullYear(), time.getMonth(), time.getDate() + days);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
};

/** The last full quarter of an hour of a local time, as HH:MM; sales are summed up by quarters. */
export const quarterOf = (time: Date): string => {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(time.getHours())}:${two(Math.floor(time.getMinutes() / 15) * 15)}`;
};

/** The change from one amount to another in whole percent; undefined from nothing. */
export const percentChange = (before: number, after: number): number | undefined =>
  before > 0 ? Math.round(((after - before) / before) * 100) : undefined;
