/** The peak memory of this process, for people. */
export const peakMemory = (): string => `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`;

/** A duration, for people. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
