/** Scheme and user, the hosts, the rest: PostgreSQL documentation, 32.1.1.2 "Connection URIs". */
const PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s;

/** A URL for each of the hosts that a URL names, separated by commas. */
export const urlsOfHosts = (url: string): readonly [string, ...string[]] => {
  const [, before = '', hosts = '', after = ''] = PARTS.exec(url) ?? [];
  const [first = url, ...others] = hosts.split(',').map((host) => before + host + after);
  return [first, ...others];
};

/** The URL of another database of the same hosts. */
export const urlOfDatabase = (url: string, database: string): string => {
  const [, before = '', hosts = '', after = ''] = PARTS.exec(url) ?? [];
  return before + hosts + after.replace(/^[^?#]*/, `/${database}`);
};

/** Whether this is a URL of one or several hosts; an empty host is the server's own socket. */
export const isDatabaseUrl = (url: string): boolean =>
  urlsOfHosts(url).every((each) => URL.canParse(each.replace('@/', '@localhost/')));
