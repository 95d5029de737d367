import { expect, onTestFinished, test } from 'vitest';
import { openPool } from '../../src/database/session.ts';
import { createSessions } from '../../src/sign-in/sessions.ts';
import { createBrowser, type Browser } from '../support/cookie-browser.ts';
import type { RawAnswer } from '../support/client.ts';
import { pointersIn, problemIn } from '../support/problem.ts';
import { queryColumn } from '../support/queries.ts';
import { waitUntil } from '../support/wait.ts';
import { startRealServer, type RealServer, type RealServerOptions } from './real-server.ts';

const PASSWORD = 'correct horse battery';
const BODY = { name: 'Carol', email: 'Carol@Shop.example', password: PASSWORD };
const SESSION = 'moa-session';
const SECURE_SESSION = `__Host-${SESSION}`;

interface Session {
  readonly session: Record<string, string>;
  readonly user: Record<string, string>;
}

const start = async (
  options: RealServerOptions = {},
): Promise<{ server: RealServer; browser: Browser }> => {
  const server = await startRealServer(options);
  return { server, browser: createBrowser(server.exchange) };
};

const json = <Value>({ status, text }: RawAnswer): Value => {
  if (status !== 200) throw new Error(`${status} ${text}`);
  return JSON.parse(text) as Value;
};

const signUp = async (browser: Browser, body: object = BODY): Promise<string> =>
  json<{ user: { id: string } }>(await browser.post('/auth/sign-up/email', body)).user.id;

const sessionOf = async (browser: Browser): Promise<Session | null> =>
  json(await browser.get('/auth/get-session'));

const cookieIn = ({ headers }: RawAnswer): string =>
  [headers['set-cookie'] ?? []].flat().find((line) => line.includes(SESSION)) ?? '';

test('whoever signs up has a session, a wallet of their own and their name', async () => {
  const { server, browser } = await start();
  const signedUp = await browser.post('/auth/sign-up/email', BODY);
  const { user } = json<Session>(signedUp);
  expect(user).toEqual({
    id: user['id'],
    email: 'carol@shop.example',
    name: 'Carol',
    role: 'customer',
  });
  expect(user['id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}$/);
  expect(signedUp.headers['cache-control']).toBe('no-store');

  const found = await sessionOf(browser);
  expect(found).toEqual({
    session: {
      id: found?.session['id'],
      createdAt: found?.session['createdAt'],
      expiresAt: found?.session['expiresAt'],
    },
    user,
  });
  expect(json(await browser.get('/v1/users/me/wallet'))).toMatchObject({ balance: 0 });
  expect(json(await browser.get('/v1/users/me'))).toMatchObject({
    userId: user['id'],
    name: 'Carol',
  });
  expect(problemIn(await browser.get('/v1/users/alice/wallet'))).toBe('user_not_found');
  expect(problemIn(await browser.get('/v1/users'))).toBe('forbidden');

  const [token = ''] = await queryColumn(server.databaseUrl, 'select token from auth.sessions');
  const shown = [signedUp.text, JSON.stringify(found)].join();
  expect(shown).not.toContain(String(token));
  expect(server.failures).toEqual([]);
});

test('signing out ends the session in the database and for every request after it', async () => {
  const { server, browser } = await start();
  await signUp(browser);
  const kept = new Map(browser.cookies);
  expect((await browser.get('/v1/users/me/wallet')).status).toBe(200);
  expect(json(await browser.post('/auth/sign-out'))).toEqual({ success: true });
  expect(browser.cookies.has(SESSION)).toBe(false);
  expect(await sessionOf(browser)).toBeNull();
  const thief = { cookie: `${SESSION}=${kept.get(SESSION)}` };
  expect(problemIn(await browser.get('/v1/users/me/wallet', thief))).toBe('unauthenticated');
  expect(await queryColumn(server.databaseUrl, 'select id from auth.sessions')).toEqual([]);
});

test('a session that another process ends or that expires is rejected within a second', async () => {
  const { server, browser } = await start();
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
    expect(performance.now() - beganMs).toBeLessThan(2_000);
  }
});

test('a wrong password and an unknown address get the same answer', async () => {
  const { browser } = await start();
  await signUp(browser);
  const tries = [
    { email: BODY.email, password: 'wrong horse battery' },
    { email: BODY.email, password: '' },
    { email: 'nobody@shop.example', password: PASSWORD },
  ];
  const answers: object[] = [];
  for (const body of tries) {
    const { status, text } = await browser.post('/auth/sign-in/email', body);
    const { traceId: _, ...problem } = JSON.parse(text) as Record<string, unknown>;
    answers.push({ status, problem });
  }
  expect(answers[0]).toMatchObject({ status: 401, problem: { code: 'sign_in_refused' } });
  expect(answers).toEqual(tries.map(() => answers[0]));
});

test('an address signs up once, in any case of its letters', async () => {
  const { browser } = await start();
  await signUp(browser);
  const again = { ...BODY, email: 'CAROL@shop.example' };
  expect(problemIn(await browser.post('/auth/sign-up/email', again))).toBe('email_taken');
});

const REFUSED: readonly (readonly [object, string])[] = [
  [{ ...BODY, password: 'short' }, '/password'],
  [{ ...BODY, password: 'x'.repeat(129) }, '/password'],
  [{ ...BODY, email: 'carol' }, '/email'],
  [{ ...BODY, email: 'carol@shop' }, '/email'],
  [{ ...BODY, name: ' ' }, '/name'],
  [{ ...BODY, role: 'staff' }, '/role'],
  [{ ...BODY, id: 'alice' }, '/id'],
  [{ ...BODY, emailVerified: true }, '/emailVerified'],
  [{ ...BODY, image: 'https://evil.example/x.png' }, '/image'],
  [{ ...BODY, callbackURL: 'https://evil.example' }, '/callbackURL'],
  [{ ...BODY, email: "carol'@shop.example" }, '/email'],
];

test('a sign-up is refused at each invalid or unknown field', async () => {
  const { server, browser } = await start();
  for (const [body, pointer] of REFUSED) {
    const answer = await browser.post('/auth/sign-up/email', body);
    const refusal = [body, problemIn(answer), pointersIn(answer)];
    expect(refusal).toEqual([body, 'invalid_request', [pointer]]);
  }
  expect(await queryColumn(server.databaseUrl, 'select id from auth.users')).toEqual([]);
});

test('of the library, only what the pages need can be reached', async () => {
  const { browser } = await start();
  await signUp(browser);
  const hidden = [
    '/update-user',
    '/delete-user',
    '/change-email',
    '/set-password',
    '/verify-password',
    '/request-password-reset',
    '/link-social',
    '/sign-in/social',
    '/sign-in/oauth2',
    '/update-session',
    '/revoke-session',
    '/get-access-token',
    '/demo',
  ];
  for (const path of hidden) {
    const answer = await browser.post(`/auth${path}`, { role: 'staff', name: 'x' });
    expect([path, problemIn(answer)]).toEqual([path, 'not_found']);
  }
  for (const path of ['/ok', '/error', '/callback/oidc', '/list-accounts', '']) {
    expect([path, problemIn(await browser.get(`/auth${path}`))]).toEqual([path, 'not_found']);
  }
  expect((await sessionOf(browser))?.user['role']).toBe('customer');
});

test('a session counts for an effect only if a page of the same origin asks for it', async () => {
  const { server, browser } = await start({ publicUrl: 'https://shop.example/api' });
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
  const { server, browser } = await start();
  await signUp(browser);
  const path = '/v1/users/me/wallet';
  const invalid = await browser.get(path, { authorization: 'Bearer x.y.z' });
  expect(problemIn(invalid)).toBe('unauthenticated');
  const alice = { authorization: await server.bearer('customer', 'alice') };
  expect(json(await browser.get('/v1/users/me', alice))).toMatchObject({ userId: 'alice' });
});

test('a cookie that was changed or signed by another secret is no session', async () => {
  const { browser } = await start();
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
  const { browser } = await start();
  const plain = cookieIn(await browser.post('/auth/sign-up/email', BODY));
  expect(plain).toMatch(/^moa-session=/);
  for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=604800']) {
    expect(plain).toContain(attribute);
  }
  expect(plain).not.toMatch(/secure|domain/i);

  const proxied = await start({ trustProxy: true });
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

test('too many attempts of an address are refused, also by another process', async () => {
  const { browser, server } = await start({ limitsSignIn: true, trustProxy: true });
  const attempt = (address: string) =>
    browser.post(
      '/auth/sign-in/email',
      { email: 'nobody@shop.example', password: 'x' },
      { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': `1.1.1.1, ${address}` },
    );
  for (let count = 1; count <= 10; count += 1) {
    expect(problemIn(await attempt('192.0.2.7'))).toBe('sign_in_refused');
  }
  const refused = await attempt('192.0.2.7');
  expect(problemIn(refused)).toBe('rate_limited');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(problemIn(await attempt('192.0.2.8'))).toBe('sign_in_refused');
  const counters = await queryColumn(
    server.databaseUrl,
    `select key || ' ' || count from auth.rate_limits order by 1`,
  );
  expect(counters).toEqual(['192.0.2.7|/sign-in/email 10', '192.0.2.8|/sign-in/email 1']);
});

test('a new password ends the other sessions', async () => {
  const { server, browser } = await start();
  await signUp(browser);
  const other = createBrowser(server.exchange);
  await other.post('/auth/sign-in/email', { email: BODY.email, password: PASSWORD });
  expect(json<unknown[]>(await browser.get('/auth/list-sessions'))).toHaveLength(2);
  const newPassword = 'another horse battery';
  const wrong = await browser.post('/auth/change-password', {
    currentPassword: 'wrong',
    newPassword,
  });
  expect(pointersIn(wrong)).toEqual(['/currentPassword']);
  await browser.post('/auth/change-password', { currentPassword: PASSWORD, newPassword });
  expect((await browser.get('/v1/users/me/wallet')).status).toBe(200);
  expect(problemIn(await other.get('/v1/users/me/wallet'))).toBe('unauthenticated');
  expect(problemIn(await other.post('/auth/revoke-other-sessions'))).toBe('unauthenticated');
  const signIn = (password: string) =>
    browser.post('/auth/sign-in/email', { email: BODY.email, password });
  expect(problemIn(await signIn(PASSWORD))).toBe('sign_in_refused');
  expect((await signIn(newPassword)).status).toBe(200);
});

test('the sample users sign in only in a demonstration', async () => {
  const { server, browser } = await start({ demo: true });
  expect(json(await browser.get('/auth/options'))).toEqual({
    signIn: 'here',
    demo: true,
    providers: [],
  });
  const customer = json<Session>(await browser.post('/auth/demo', { as: 'customer' }));
  expect(customer.user).toMatchObject({ id: 'demo', role: 'customer' });
  expect(json(await browser.get('/v1/users/demo/wallet'))).toMatchObject({ balance: 0 });
  const operator = createBrowser(server.exchange);
  await operator.post('/auth/demo', { as: 'operator' });
  expect(json(await operator.get('/v1/users/alice/wallet'))).toMatchObject({ userId: 'alice' });
  expect(pointersIn(await browser.post('/auth/demo', { as: 'owner' }))).toEqual(['/as']);
  const foreign = { 'sec-fetch-site': 'cross-site' };
  expect(problemIn(await browser.post('/auth/demo', { as: 'operator' }, foreign))).toBe(
    'cross_site_request',
  );
  // Nobody can sign up with the address of a sample user, or sign in with a password.
  const email = 'sample-operator@localhost';
  expect(pointersIn(await browser.post('/auth/sign-up/email', { ...BODY, email }))).toEqual([
    '/email',
  ]);
});

test('a sample user who has signed in is refused without the demonstration', async () => {
  const { server, browser } = await start({ demo: true });
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

test('with an identity provider of tokens, nobody signs in here', async () => {
  const { browser } = await start({ signsIn: false, demo: true });
  expect(json(await browser.get('/auth/options'))).toEqual({
    signIn: 'elsewhere',
    demo: false,
    providers: [],
  });
  const calls = [
    await browser.post('/auth/sign-up/email', BODY),
    await browser.post('/auth/demo', { as: 'operator' }),
    await browser.get('/auth/get-session'),
    await browser.get('/auth/anything'),
  ];
  for (const answer of calls) expect(problemIn(answer)).toBe('sign_in_elsewhere');
});

test('erasing a user erases the account and the sessions', async () => {
  const { server, browser } = await start();
  const userId = await signUp(browser);
  const staff = { authorization: await server.bearer('staff', 'staff') };
  const erase = () =>
    server.exchange({ method: 'DELETE', path: `/v1/users/${userId}/profile`, headers: staff });
  const left = () =>
    queryColumn(
      server.databaseUrl,
      `select t::text from auth.users t union all select t::text from auth.accounts t
       union all select t::text from auth.sessions t
       union all select user_id from identity.profiles where user_id = '${userId}'`,
    );
  // Before the first call, the user has an account only.
  expect(await left()).toHaveLength(3);
  expect((await erase()).status).toBe(204);
  expect(await left()).toEqual([]);
  expect(problemIn(await erase())).toBe('user_not_found');
  await waitUntil(
    async () => (await browser.get('/v1/users/me/wallet')).status === 401,
    'the end of the session',
  );
  const signIn = { email: BODY.email, password: PASSWORD };
  expect(problemIn(await browser.post('/auth/sign-in/email', signIn))).toBe('sign_in_refused');
});
