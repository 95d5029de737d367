import type { Exchange, RawAnswer } from './client.ts';

export interface Browser {
  readonly get: (path: string, headers?: Record<string, string>) => Promise<RawAnswer>;
  /** As a page of the same origin. */
  readonly post: (
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ) => Promise<RawAnswer>;
  /** The cookies that the browser holds. */
  readonly cookies: ReadonlyMap<string, string>;
}

/** A client that keeps cookies and says where its requests come from, as browsers do. */
export const createBrowser = (exchange: Exchange, always: Record<string, string> = {}): Browser => {
  const cookies = new Map<string, string>();
  const send = async (
    method: string,
    path: string,
    more: Record<string, string>,
    body?: object,
  ): Promise<RawAnswer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      ...always,
      ...(cookie === '' ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...more,
    };
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await exchange({ method, path, headers, ...text });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0\b/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return {
    cookies,
    get: (path, headers = {}) => send('GET', path, headers),
    post: (path, body, headers = { 'sec-fetch-site': 'same-origin' }) =>
      send('POST', path, headers, body),
  };
};
