/** The form of a name in the IANA time zone database; excludes offsets such as `+09:00`. */
export const TIME_ZONE_PATTERN = '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$';

/** Whether this is a time zone of the IANA database that this version of Node.js has. */
export const isTimeZone = (name: string): boolean => {
  if (!new RegExp(TIME_ZONE_PATTERN).test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** The time zone of a shop that names none: Korea's for its currency, else UTC. */
export const defaultTimeZone = (currency: string): string =>
  currency === 'KRW' ? 'Asia/Seoul' : 'UTC';
