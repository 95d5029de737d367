import { expect, test } from 'vitest';
import { createBrowser, type Browser } from '../support/cookie-browser.ts';
import { pointersIn, problemIn } from '../support/problem.ts';
import { queryColumn } from '../support/queries.ts';
import { CLIENT, startIssuer, type Person } from './oidc-issuer.ts';
import { startRealServer } from './real-server.ts';

const KIM: Person = {
  sub: 'person-1',
  email: 'kim@shop.example',
  email_verified: true,
  name: 'Kim\u0000 Min-ji',
};
const PUBLIC_URL = 'https://shop.example';
const ASK = { providerId: 'oidc', callbackURL: '/after', errorCallbackURL: '/failed' };

const start = async () => {
  let person = KIM;
  const issuer = await startIssuer(() => person);
  const provider = { issuer: issuer.url, name: 'Example', ...CLIENT };
  const server = await startRealServer({ publicUrl: PUBLIC_URL, provider });
  /** Follows the browser to the provider and back; returns where the browser ends. */
  const signIn = async (browser: Browser): Promise<string> => {
    const asked = await browser.post('/auth/sign-in/oauth2', ASK);
    const { url } = JSON.parse(asked.text) as { url: string };
    const atProvider = await fetch(url, { redirect: 'manual' });
    const back = atProvider.headers.get('location') ?? '';
    const returned = await browser.get(back.slice(PUBLIC_URL.length));
    return String(returned.headers['location']);
  };
  return {
    server,
    issuer,
    signIn,
    open: () => createBrowser(server.exchange),
    become: (changes: Partial<Person>) => {
      person = { ...KIM, ...changes };
    },
  };
};

const userOf = async (browser: Browser): Promise<Record<string, string> | undefined> =>
  (JSON.parse((await browser.get('/auth/get-session')).text) as { user: never } | null)?.user;

test('a user of the provider signs in, and is the same user the next time', async () => {
  const { server, signIn, open } = await start();
  const browser = open();
  const options = JSON.parse((await browser.get('/auth/options')).text) as object;
  expect(options).toMatchObject({ providers: [{ id: 'oidc', name: 'Example' }] });
  expect(await signIn(browser)).toBe('/after');
  const user = await userOf(browser);
  expect(user).toMatchObject({ email: KIM.email, name: 'Kim  Min-ji', role: 'customer' });
  const own = await browser.get('/v1/users/me');
  expect(JSON.parse(own.text)).toMatchObject({ userId: user?.['id'], name: 'Kim  Min-ji' });
  const again = open();
  expect(await signIn(again)).toBe('/after');
  expect(await userOf(again)).toEqual(user);
  const stored = await queryColumn(server.databaseUrl, 'select a::text from auth.accounts a');
  expect(stored).toHaveLength(1);
  expect(stored.join()).not.toMatch(/an access token|eyJ/);
});

test('the claims of the provider give nobody a role', async () => {
  const { issuer, signIn, open } = await start();
  issuer.forge({ role: 'staff', id: 'alice', userId: 'alice' });
  const browser = open();
  await signIn(browser);
  expect(await userOf(browser)).toMatchObject({ role: 'customer' });
  expect((await userOf(browser))?.['id']).not.toBe('alice');
});

test("nobody gets into another person's account with an address", async () => {
  const { signIn, open, become } = await start();
  const squatter = open();
  const body = { name: 'Not Kim', email: KIM.email, password: 'correct horse battery' };
  await squatter.post('/auth/sign-up/email', body);
  const kim = open();
  expect(await signIn(kim)).toMatch(/^\/failed\?error=account_not_linked/);
  expect(await userOf(kim)).toBeUndefined();

  become({ sub: 'person-2', email: 'lee@shop.example' });
  expect(await signIn(open())).toBe('/after');
  become({ sub: 'person-3', email: 'lee@shop.example', email_verified: false });
  const other = open();
  expect(await signIn(other)).toMatch(/^\/failed\?error=account_not_linked/);
  expect(await userOf(other)).toBeUndefined();
});

test('an answer for another request, browser or client is refused', async () => {
  const { issuer, signIn, open } = await start();
  for (const claims of [{ nonce: 'another' }, { aud: 'another client' }, { iss: 'https://x' }]) {
    issuer.forge(claims);
    const browser = open();
    expect(await signIn(browser)).toMatch(/error=/);
    expect(await userOf(browser)).toBeUndefined();
  }
  issuer.forge({});
  const victim = open();
  const asked = await open().post('/auth/sign-in/oauth2', ASK);
  const { url } = JSON.parse(asked.text) as { url: string };
  const { headers } = await fetch(url, { redirect: 'manual' });
  const back = (headers.get('location') ?? '').slice(PUBLIC_URL.length);
  expect(String((await victim.get(back)).headers['location'])).toMatch(/error=state_mismatch/);
  expect(await userOf(victim)).toBeUndefined();
});

test('the browser returns only to a page of this service', async () => {
  const { open } = await start();
  const places = ['https://evil.example', '//evil.example', '/\\evil.example', 'after', ''];
  for (const callbackURL of places) {
    const answer = await open().post('/auth/sign-in/oauth2', { ...ASK, callbackURL });
    expect([callbackURL, pointersIn(answer)]).toEqual([callbackURL, ['/callbackURL']]);
  }
});

test('without the provider, its users are told and passwords still work', async () => {
  const provider = { issuer: 'http://127.0.0.1:9', name: 'Example', ...CLIENT };
  const server = await startRealServer({ provider });
  const browser = createBrowser(server.exchange);
  const answer = await browser.post('/auth/sign-in/oauth2', ASK);
  expect(problemIn(answer)).toBe('identity_provider_unavailable');
  expect(answer.headers['retry-after']).toBe('5');
  const body = { name: 'Kim', email: KIM.email, password: 'correct horse battery' };
  expect((await browser.post('/auth/sign-up/email', body)).status).toBe(200);
});
