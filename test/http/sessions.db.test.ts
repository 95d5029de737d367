import { expect, onTestFinished, test, vi } from 'vitest';
import { openPool } from '../../src/database/session.ts';
import { createSessions } from '../../src/sign-in/sessions.ts';
import { createBrowser } from '../support/cookie-browser.ts';
import type { RawAnswer } from '../support/client.ts';
import { problemIn } from '../support/problem.ts';
import { queryColumn } from '../support/queries.ts';
import { waitUntil } from '../support/wait.ts';
import { startRealServer } from './real-server.ts';
import {
  BODY,
  PASSWORD,
  SECURE_SESSION,
  SESSION,
  json,
  sessionOf,
  signUp,
  startSignIn,
} from './signed-in.ts';

const cookieIn = ({ headers }: RawAnswer): string =>
  [headers['set-cookie'] ?? []].flat().find((line) => line.includes(SESSION)) ?? '';

test('signing out ends the session in the database and for every request after it', async () => {
  const { server, browser } = await startSignIn();
  await signUp(browser);
  const value = browser.cookies.get(SESSION) ?? '';
  // A cookie can be written in several ways.
  const written = [value, decodeURIComponent(value)].map((each) => `${SESSION}=${each}`);
  expect(new Set(written).size).toBe(2);
  const wallet = (cookie: string) => browser.get('/v1/users/me/wallet', { cookie });
  for (const cookie of written) expect((await wallet(cookie)).status).toBe(200);
  expect(json(await browser.post('/auth/sign-out'))).toEqual({ success: true });
  expect(browser.cookies.has(SESSION)).toBe(false);
  expect(await sessionOf(browser)).toBeNull();
  for (const cookie of written) {
    expect(problemIn(await wallet(cookie))).toBe('unauthenticated');
  }
  expect(await queryColumn(server.databaseUrl, 'select id from auth.sessions')).toEqual([]);
});

test('a sign-out of somebody else leaves a session known', async () => {
  const { server, browser } = await startSignIn();
  await signUp(browser);
  // What is known is accepted for a second; the clock stands still, so that it stays known.
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  expect((await browser.get('/v1/users/me/wallet')).status).toBe(200);
  const other = createBrowser(server.exchange);
  await other.post('/auth/sign-up/email', { ...BODY, email: 'dora@shop.example' });
  // The next query would not find the session.
  await queryColumn(server.databaseUrl, 'delete from auth.sessions');
  for (const each of [other, createBrowser(server.exchange)]) {
    expect((await each.post('/auth/sign-out')).status).toBe(200);
  }
  expect((await browser.get('/v1/users/me/wallet')).status).toBe(200);
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  expect((await browser.post('/auth/sign-out')).status).toBe(200);
  const { status } = await browser.get('/v1/users/me/wallet', { cookie });
  expect(status).toBe(401);
});

test('a session that another process ends or that expires is rejected within seconds', async () => {
  const { server, browser } = await startSignIn();
  await signUp(browser);
  for (const change of [
    'delete from auth.sessions',
    `update auth.sessions set expires_at = now()`,
  ]) {
    await browser.post('/auth/sign-in/email', { email: BODY.email, password: PASSWORD });
    expect((await browser.get('/v1/users/me/wallet')).status).toBe(200);
    await queryColumn(server.databaseUrl, change);
    const beganMs = performance.now();
    await waitUntil(
      async () => (await browser.get('/v1/users/me/wallet')).status === 401,
      'a rejected session',
    );
    expect(performance.now() - beganMs).toBeLessThan(5_000);
  }
});

test('a session counts for an effect only if a page of the same origin asks for it', async () => {
  const { server, browser } = await startSignIn({ publicUrl: 'https://shop.example/api' });
  const direct = createBrowser(server.exchange);
  await signUp(direct);
  const cookie = `${SECURE_SESSION}=${direct.cookies.get(SECURE_SESSION)}`;
  const charge = (headers: Record<string, string>) =>
    browser.post('/v1/users/me/wallet/charges', { amount: 1 }, { cookie, ...headers });
  const foreign: Record<string, string>[] = [
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://shop.example' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://shop.example' },
    { origin: 'https://shop.example:8443' },
    { origin: 'https://shop.example.evil.example' },
    { referer: 'https://shop.example/' },
  ];
  for (const headers of foreign) {
    expect([headers, problemIn(await charge(headers))]).toEqual([headers, 'cross_site_request']);
  }
  const own = [
    { 'sec-fetch-site': 'same-origin' },
    { origin: 'https://shop.example' },
    { origin: server.url },
  ];
  for (const headers of own) expect((await charge(headers)).status).not.toBe(403);
  const token = { authorization: await server.bearer('staff', 'staff') };
  expect((await charge({ ...token, 'sec-fetch-site': 'cross-site' })).status).not.toBe(403);
  expect((await browser.get('/v1/users/me/wallet', { cookie })).status).toBe(200);

  const signIn = { email: BODY.email, password: PASSWORD };
  for (const headers of foreign) {
    const answer = await browser.post('/auth/sign-in/email', signIn, headers);
    expect([headers, problemIn(answer)]).toEqual([headers, 'cross_site_request']);
  }
});

test('a token wins over the cookie, also an invalid one', async () => {
  const { server, browser } = await startSignIn();
  await signUp(browser);
  const path = '/v1/users/me/wallet';
  const invalid = await browser.get(path, { authorization: 'Bearer x.y.z' });
  expect(problemIn(invalid)).toBe('unauthenticated');
  const alice = { authorization: await server.bearer('customer', 'alice') };
  expect(json(await browser.get('/v1/users/me', alice))).toMatchObject({ userId: 'alice' });
});

test('a cookie that was changed or signed by another secret is no session', async () => {
  const { browser } = await startSignIn();
  await signUp(browser);
  const value = decodeURIComponent(browser.cookies.get(SESSION) ?? '');
  const [token = '', signature = ''] = value.split('.');
  const other = createBrowser((await startRealServer()).exchange);
  await signUp(other);
  const forged = [
    token,
    `${token}.`,
    `${token}x.${signature}`,
    `x.${signature}`,
    `${token}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
    other.cookies.get(SESSION) ?? '',
    '%E0%A4%A',
    'x'.repeat(5_000),
    '',
  ];
  for (const each of forged) {
    const headers = { cookie: `${SESSION}=${each}` };
    expect(problemIn(await browser.get('/v1/users/me/wallet', headers))).toBe('unauthenticated');
    expect(json(await browser.get('/auth/get-session', headers))).toBeNull();
  }
});

test('the cookie is for one host, not for scripts, and by TLS only for TLS', async () => {
  const { browser } = await startSignIn();
  const plain = cookieIn(await browser.post('/auth/sign-up/email', BODY));
  expect(plain).toMatch(/^moa-session=/);
  for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=604800']) {
    expect(plain).toContain(attribute);
  }
  expect(plain).not.toMatch(/secure|domain/i);

  const proxied = await startSignIn({ trustProxy: true });
  const tls = { 'sec-fetch-site': 'same-origin', 'x-forwarded-proto': 'https' };
  const secure = cookieIn(await proxied.browser.post('/auth/sign-up/email', BODY, tls));
  expect(secure).toMatch(/^__Host-moa-session=/);
  for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Secure']) {
    expect(secure).toContain(attribute);
  }
  expect(secure).not.toMatch(/domain/i);
  // A host of the same domain could set the cookie without the prefix.
  const value = proxied.browser.cookies.get(SECURE_SESSION);
  const planted = { ...tls, cookie: `${SESSION}=${value}` };
  expect(problemIn(await proxied.browser.get('/v1/users/me/wallet', planted))).toBe(
    'unauthenticated',
  );
});

test('a sample user who has signed in is refused without the demonstration', async () => {
  const { server, browser } = await startSignIn({ demo: true });
  await browser.post('/auth/demo', { as: 'operator' });
  const pool = openPool(server.databaseUrl, 1);
  onTestFinished(() => pool.end());
  const cookies = `${SESSION}=${browser.cookies.get(SESSION)}`;
  const callerOf = (demo: boolean) =>
    createSessions(pool, { secret: server.signInSecret, demo }).verify(cookies, {
      isSecure: false,
    });
  expect(await callerOf(true)).toMatchObject({ role: 'staff', userId: 'demo-operator' });
  expect(await callerOf(false)).toBeUndefined();
});

test('a stream of the cookie ends with its session', async () => {
  const { server, browser } = await startSignIn();
  await signUp(browser);
  const cookie = `${SESSION}=${browser.cookies.get(SESSION)}`;
  const open = (sent: string) =>
    fetch(`${server.url}/v1/stream?topics=wallet`, { headers: { cookie: sent } });
  const stream = await open(cookie);
  expect(stream.status).toBe(200);
  await browser.post('/auth/sign-out');
  // Resolves at the end of the stream.
  expect(await stream.text()).toContain('retry:');
  expect((await open(cookie)).status).toBe(401);
  // The browser goes on to send the cookie; what is public stays open.
  const anyone = await fetch(`${server.url}/v1/stream?topics=best-sellers`, {
    headers: { cookie },
  });
  expect(anyone.status).toBe(200);
  await anyone.body?.cancel();
});
