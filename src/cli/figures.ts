/** The peak memory of this process, for people. */
export const peakMemory = (): string => `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`;

/** A duration, for people. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** A size, for people: at most three digits before the unit. */
export const size = (bytes: number): string => {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const unit = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1000 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
};
