/**
 * The address in the log line of a started service, "NAME listens on URL"; undefined before that.
 */
export const findAddress = (output: string, name: 'Moa' | 'Metrics' = 'Moa'): string | undefined =>
  new RegExp(`"msg":"${name} listens on (http://[^"]+)"`).exec(output)?.[1];
