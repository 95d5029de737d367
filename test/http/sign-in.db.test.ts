import { expect, onTestFinished, test, vi } from 'vitest';
import { createBrowser } from '../support/cookie-browser.ts';
import { pointersIn, problemIn } from '../support/problem.ts';
import { queryColumn, runSql } from '../support/queries.ts';
import { waitUntil } from '../support/wait.ts';
import { BODY, PASSWORD, json, sessionOf, signUp, startSignIn, type Session } from './signed-in.ts';

test('whoever signs up has a session, a wallet of their own and their name', async () => {
  const { server, browser } = await startSignIn();
  const signedUp = await browser.post('/auth/sign-up/email', BODY);
  const { user } = json(signedUp) as Session;
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
  expect(shown).not.toContain(token);
  expect(server.failures).toEqual([]);
});

test('a name that could not be saved at the first call is saved at the next', async () => {
  const { server, browser } = await startSignIn();
  await signUp(browser);
  const rename = (from: string, to: string) =>
    runSql(server.databaseUrl, `alter table identity.${from} rename to ${to}`);
  await rename('profiles', 'lost');
  expect((await browser.get('/v1/users/me/wallet')).status).toBe(500);
  await rename('lost', 'profiles');
  expect(json(await browser.get('/v1/users/me'))).toMatchObject({ name: 'Carol' });
});

test('the name of a sign-up is saved although the shop has registered the user', async () => {
  const { server, browser } = await startSignIn();
  const userId = await signUp(browser);
  const headers = { authorization: await server.bearer('service', 'shop') };
  const path = `/v1/users/${userId}`;
  expect((await server.exchange({ method: 'PUT', path, headers })).status).toBe(201);
  expect(json(await browser.get('/v1/users/me'))).toMatchObject({ name: 'Carol' });
});

test('a wrong password and an unknown address get the same answer', async () => {
  const { browser } = await startSignIn();
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
  const { browser } = await startSignIn();
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
  const { server, browser } = await startSignIn();
  for (const [body, pointer] of REFUSED) {
    const answer = await browser.post('/auth/sign-up/email', body);
    const refusal = [body, problemIn(answer), pointersIn(answer)];
    expect(refusal).toEqual([body, 'invalid_request', [pointer]]);
  }
  expect(await queryColumn(server.databaseUrl, 'select id from auth.users')).toEqual([]);
});

test('of the library, only what the pages need can be reached', async () => {
  const { browser } = await startSignIn();
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

test('too many attempts of an address are refused, also by another process', async () => {
  const { browser, server } = await startSignIn({ limitsSignIn: true, trustProxy: true });
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
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(refused.headers).toMatchObject({
    'ratelimit-policy': '"sign-in";q=10;w=60',
    ratelimit: `"sign-in";r=0;t=${String(refused.headers['retry-after'])}`,
  });
  expect(problemIn(await attempt('192.0.2.8'))).toBe('sign_in_refused');
  const counters = await queryColumn(
    server.databaseUrl,
    `select key || ' ' || count from auth.rate_limits order by 1`,
  );
  expect(counters).toEqual(['192.0.2.7|/sign-in/email 10', '192.0.2.8|/sign-in/email 1']);
});

test('a new password ends the other sessions', async () => {
  const { server, browser } = await startSignIn();
  await signUp(browser);
  const other = createBrowser(server.exchange);
  await other.post('/auth/sign-in/email', { email: BODY.email, password: PASSWORD });
  expect(json(await browser.get('/auth/list-sessions')) as unknown[]).toHaveLength(2);
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
  const { server, browser } = await startSignIn({ demo: true });
  expect(json(await browser.get('/auth/options'))).toEqual({
    signIn: 'here',
    demo: true,
    providers: [],
  });
  const customer = json(await browser.post('/auth/demo', { as: 'customer' })) as Session;
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

test('while only this machine can connect, the sample users sign in under known hosts', async () => {
  const { server, browser } = await startSignIn({
    demo: true,
    trustProxy: true,
    publicUrl: 'https://shop.example/moa',
  });
  const port = new URL(server.url).port;
  const signIn = (host: string, more: Record<string, string> = {}) => {
    const headers = { host, 'sec-fetch-site': 'same-origin', ...more };
    return browser.post('/auth/demo', { as: 'operator' }, headers);
  };
  const known = ['localhost', 'moa.localhost', '127.0.0.1', '[::1]', '192.0.2.1', 'shop.example'];
  for (const host of known) {
    expect([host, (await signIn(`${host}:${port}`)).status]).toEqual([host, 200]);
  }
  // DNS rebinding: the owner of a name makes it the address of this machine.
  for (const host of ['evil.example', 'localhost.evil.example', 'xlocalhost', '127.0.0.1.nip.io']) {
    const answer = await signIn(`${host}:${port}`, { 'x-forwarded-host': 'localhost' });
    expect([host, problemIn(answer)]).toEqual([host, 'cross_site_request']);
  }
  const password = { ...BODY, email: 'dora@shop.example' };
  const named = { host: 'intranet', 'sec-fetch-site': 'same-origin' };
  expect((await browser.post('/auth/sign-up/email', password, named)).status).toBe(200);
});

test('a service that others can reach lets the sample users sign in under any name', async () => {
  const { browser } = await startSignIn({ demo: true, host: '0.0.0.0' });
  const headers = { host: 'moa.example', 'sec-fetch-site': 'same-origin' };
  expect((await browser.post('/auth/demo', { as: 'operator' }, headers)).status).toBe(200);
});

test('with an identity provider of tokens, nobody signs in here', async () => {
  const { browser } = await startSignIn({ signsIn: false, demo: true });
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
  const { server, browser } = await startSignIn();
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

test('an erased name does not come back by a session that is still accepted', async () => {
  const { server, browser } = await startSignIn();
  const userId = await signUp(browser);
  // What is known is accepted for a second; the clock stands still, so that it stays known.
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  expect(await sessionOf(browser)).not.toBeNull();
  const headers = { authorization: await server.bearer('staff', 'staff') };
  const erasure = { method: 'DELETE', path: `/v1/users/${userId}/profile`, headers };
  expect((await server.exchange(erasure)).status).toBe(204);
  expect(json(await browser.get('/v1/users/me'))).toMatchObject({ userId, name: null });
});
