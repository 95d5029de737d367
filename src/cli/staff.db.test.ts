import { expect, test } from 'vitest';
import { startRealServer } from '../../test/http/real-server.ts';
import type { Session } from '../../test/http/signed-in.ts';
import { createBrowser, type Browser } from '../../test/support/cookie-browser.ts';
import { problemIn } from '../../test/support/problem.ts';
import { queryColumn, runSql } from '../../test/support/queries.ts';
import { runCommand, type Run } from '../../test/support/run-command.ts';
import { waitUntil } from '../../test/support/wait.ts';

const EMAIL = 'kim@shop.example';
const CHOSEN = 'correct horse battery';

const open = async () => {
  const server = await startRealServer();
  const run = (options: readonly string[], input = '', environment: Record<string, string> = {}) =>
    runCommand('staff', options, { DATABASE_URL: server.databaseUrl, ...environment }, input);
  const browse = () => createBrowser(server.exchange);
  const signIn = async (password: string): Promise<Browser> => {
    const browser = browse();
    await browser.post('/auth/sign-in/email', { email: EMAIL, password });
    return browser;
  };
  return { server, run, browse, signIn };
};

const passwordIn = ({ stdout, stderr }: Run): string => {
  const password = /The password is (\S{20})\n$/.exec(stdout)?.[1];
  if (password === undefined) throw new Error(stdout + stderr);
  return password;
};

/** What reads another user's wallet: `ok`, or the problem. */
const accessOf = async (browser: Browser): Promise<string> => {
  const answer = await browser.get('/v1/users/alice/wallet');
  return answer.status === 200 ? 'ok' : problemIn(answer);
};

test('added staff sign in with the printed password until they are removed', async () => {
  const { server, run, signIn } = await open();
  const password = passwordIn(await run(['add', 'Kim@shop.example']));
  const browser = await signIn(password);
  expect(await accessOf(browser)).toBe('ok');
  expect(await run(['list'])).toEqual({ exitCode: 0, stdout: `${EMAIL}\n`, stderr: '' });

  expect(await run(['remove', EMAIL])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await queryColumn(server.databaseUrl, 'select id from auth.sessions')).toEqual([]);
  await waitUntil(async () => (await accessOf(browser)) === 'unauthenticated', 'the end of access');
  expect(await accessOf(await signIn(password))).toBe('user_not_found');
  expect(await run(['list'])).toMatchObject({ stdout: '' });
  expect((await run(['remove', EMAIL])).stderr).toBe(`${EMAIL} is not staff\n`);
});

test('removing staff revokes the keys that act as them and prints those that they made', async () => {
  const { server, run, signIn } = await open();
  const browser = await signIn(passwordIn(await run(['add', EMAIL])));
  const { user } = JSON.parse((await browser.get('/auth/get-session')).text) as Session;
  const make = async (body: object) => {
    const { status, text } = await browser.post('/v1/api-keys', body);
    if (status !== 201) throw new Error(text);
    return JSON.parse(text) as { readonly apiKeyId: string; readonly key: string };
  };
  const own = await make({ name: 'laptop', role: 'staff', userId: user['id'] });
  const shop = await make({ name: 'shop', role: 'service' });
  const past = { name: 'past', role: 'staff', expiresAt: '2999-01-01T00:00:00Z' };
  const { apiKeyId } = await make(past);
  await runSql(
    server.databaseUrl,
    `update identity.api_keys set expires_at = now() where api_key_id = '${apiKeyId}'`,
  );
  const statusOf = async ({ key }: { readonly key: string }): Promise<number> => {
    const headers = { authorization: `Bearer ${key}` };
    const { status } = await server.exchange({ method: 'GET', path: '/v1/users', headers });
    return status;
  };
  expect(await statusOf(own)).toBe(200);
  const { stdout } = await run(['remove', EMAIL]);
  await waitUntil(async () => (await statusOf(own)) === 401, 'the end of the key');
  expect(await statusOf(shop)).toBe(200);
  const [first, ...rest] = stdout.trimEnd().split('\n');
  expect(first).toBe(`${EMAIL} is no longer staff; sessions have ended, API keys revoked: 1`);
  expect(rest).toEqual([
    'Keys that this user has made stay valid until they are revoked:',
    `${shop.apiKeyId}  ${shop.key.slice(0, 8)}…  service  shop`,
  ]);
});

test('an account that signed up becomes staff with a new password and new sessions', async () => {
  const { run, browse, signIn } = await open();
  const squatter = browse();
  const body = { name: 'Not Kim', email: EMAIL, password: CHOSEN };
  await squatter.post('/auth/sign-up/email', body);
  const password = passwordIn(await run(['add', EMAIL]));
  await waitUntil(async () => (await accessOf(squatter)) === 'unauthenticated', 'the new session');
  expect(await accessOf(await signIn(CHOSEN))).toBe('unauthenticated');
  expect(await accessOf(await signIn(password))).toBe('ok');
});

test('a password from standard input is stored as a hash and not printed', async () => {
  const { server, run, signIn } = await open();
  const { stdout } = await run(['add', EMAIL, '--password-stdin'], `${CHOSEN}\n`);
  expect(stdout).toBe(`${EMAIL} can sign in as staff\n`);
  expect(await accessOf(await signIn(CHOSEN))).toBe('ok');
  const stored = await queryColumn(server.databaseUrl, 'select a::text from auth.accounts a');
  expect(stored.join()).not.toContain(CHOSEN);
  const short = await run(['add', EMAIL, '--password-stdin'], 'short\n');
  expect(short).toMatchObject({ exitCode: 1, stdout: '' });
  expect(short.stderr).toBe('the password must have 8 to 128 characters\n');
});

test('invalid options are errors, printed with the usage', async () => {
  const { run } = await open();
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], 'name one command'],
    [['raise', EMAIL], 'name one command'],
    [['add'], 'need one e-mail address'],
    [['list', EMAIL], 'need one e-mail address'],
    [['add', 'kim'], '"kim" is not an e-mail address'],
  ];
  const runs = await Promise.all(cases.map(([options]) => run(options)));
  for (const [index, [, message]] of cases.entries()) {
    expect(runs[index]?.stderr).toContain(message);
    expect(runs[index]?.stderr).toContain('npm run staff -- add kim@shop.example');
  }
  const elsewhere = await run(['list'], '', {
    MOA_JWKS_URL: 'https://login.example/keys',
    MOA_JWT_ISSUER: 'https://login.example',
    MOA_JWT_AUDIENCE: 'shop',
  });
  expect(elsewhere.stderr).toContain('MOA_JWKS_URL is set');
});
