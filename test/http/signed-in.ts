import { createBrowser, type Browser } from '../support/cookie-browser.ts';
import type { RawAnswer } from '../support/client.ts';
import { startRealServer, type RealServer, type RealServerOptions } from './real-server.ts';

export const PASSWORD = 'correct horse battery';
export const BODY = { name: 'Carol', email: 'Carol@Shop.example', password: PASSWORD };
export const SESSION = 'moa-session';
export const SECURE_SESSION = `__Host-${SESSION}`;

export interface Session {
  readonly session: Record<string, string>;
  readonly user: Record<string, string>;
}

/** A server and a browser that has not signed in. */
export const startSignIn = async (
  options: RealServerOptions = {},
): Promise<{ server: RealServer; browser: Browser }> => {
  const server = await startRealServer(options);
  return { server, browser: createBrowser(server.exchange) };
};

/** The body of an answer with status 200. */
export const json = ({ status, text }: RawAnswer): unknown => {
  if (status !== 200) throw new Error(`${status} ${text}`);
  return JSON.parse(text);
};

/** Signs up and returns the user id. */
export const signUp = async (browser: Browser): Promise<string> =>
  (json(await browser.post('/auth/sign-up/email', BODY)) as { user: { id: string } }).user.id;

/** The session of a browser. */
export const sessionOf = async (browser: Browser): Promise<Session | null> =>
  json(await browser.get('/auth/get-session')) as Session | null;
