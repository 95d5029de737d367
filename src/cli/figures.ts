/** The most memory that this process has had, as a person reads it. */
export const peakMemory = (): string => `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`;

/** A duration as a person reads it. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
