/** What listens: the service, one of its workers, or its separate port for metrics. */
export type Listener = 'Moa' | 'Worker' | 'Metrics';

/** The text of the log line of a started server, for which programs wait. */
export const listeningText = (name: Listener, url: string): string => `${name} listens on ${url}`;

/** The address in the log line of a started server; undefined before that line. */
export const findAddress = (output: string, name: Listener = 'Moa'): string | undefined =>
  new RegExp(`"msg":"${listeningText(name, '(http://[^"]+)')}"`).exec(output)?.[1];
