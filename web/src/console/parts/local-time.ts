const pad = (value: number): string => String(value).padStart(2, '0');

/** A time as a field of date and time shows it: of the browser's time zone, to the second. */
export const localOf = (time: Date): string => {
  const day = [time.getFullYear(), pad(time.getMonth() + 1), pad(time.getDate())].join('-');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(pad).join(':');
  return `${day}T${clock}`;
};

/** The time in such a field (HTML, "Local dates and times"); undefined for anything else. */
export const timeOf = (text: string): Date | undefined => {
  if (!/^[12]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(text)) return undefined;
  // Without an offset it is local time (ECMA-262, "Date Time String Format").
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
};
