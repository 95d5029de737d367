import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { startTestServer } from '../support/http-server.ts';
import { createTokens } from '../../src/identity/index.ts';
import { createExchange } from '../support/client.ts';
import { problemIn } from '../support/problem.ts';
import {
  AUDIENCE,
  ISSUER,
  createKey,
  goodClaims,
  startProvider,
  type ProviderKey,
} from './identity-provider.ts';

// Only the clock is faked: keys and answers take real time.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

const WALLET = '/v1/users/me/wallet';
/** The time until the provider may be asked again for an unknown key: jose's default. */
const COOLDOWN_MS = 30_000;

/** A service that trusts this provider; `ask` returns a user id or a problem's code. */
const startTrusting = async (jwksUrl: string) => {
  const source = { kind: 'provider', jwksUrl, issuer: ISSUER, audience: AUDIENCE } as const;
  const server = await startTestServer({ tokens: await createTokens(source) });
  onTestFinished(server.close);
  const exchange = createExchange(server.url);
  const read = (token: string) =>
    exchange({ method: 'GET', path: WALLET, headers: { authorization: `Bearer ${token}` } });
  const ask = async (token: string): Promise<string> => {
    const answer = await read(token);
    if (answer.status !== 201) return problemIn(answer, WALLET);
    return (JSON.parse(answer.text) as { caller: { userId: string } }).caller.userId;
  };
  return { ...server, read, ask };
};

const startBoth = async (keys: readonly ProviderKey[]) => {
  const provider = await startProvider(keys);
  return { provider, ...(await startTrusting(provider.jwksUrl)) };
};

test.for(['ES256', 'RS256', 'PS256', 'EdDSA'])('a token signed with %s is valid', async (alg) => {
  const key = await createKey('1', alg);
  const { ask } = await startBoth([key]);
  expect(await ask(await key.sign(goodClaims()))).toBe('alice');
});

test('a token of another issuer, audience, key, time or role is rejected', async () => {
  const key = await createKey('1');
  const { ask } = await startBoth([key]);
  const stranger = await createKey('1');
  const { exp: _, ...unending } = goodClaims();
  const refused = [
    await key.sign({ ...goodClaims(), iss: 'https://login.example/' }),
    await key.sign({ ...goodClaims(), iss: 'moa' }),
    await key.sign({ ...goodClaims(), aud: 'another shop' }),
    await key.sign({ ...goodClaims(), exp: 1 }),
    await key.sign({ ...goodClaims(), role: 'admin' }),
    await key.sign({ ...goodClaims(), sub: 'me' }),
    await key.sign(unending),
    await key.sign(goodClaims(), { kid: '2' }),
    await stranger.sign(goodClaims()),
  ];
  for (const token of refused) expect(await ask(token)).toBe('unauthenticated');
  expect(await ask(await key.sign(goodClaims()))).toBe('alice');
});

test('an algorithm that is not allowed is rejected, even with a key of the provider', async () => {
  const key = await createKey('1', 'ES384');
  const { ask } = await startBoth([key]);
  expect(await ask(await key.sign(goodClaims()))).toBe('unauthenticated');
});

test("with a provider, Moa's own signing key is not trusted", async () => {
  const { alice, ask } = await startBoth([await createKey('1')]);
  expect(await ask(alice.replace('Bearer ', ''))).toBe('unauthenticated');
});

test('many callers cause one request to the provider', async () => {
  const key = await createKey('1');
  const { provider, ask } = await startBoth([key]);
  for (let user = 0; user < 20; user += 1) {
    expect(await ask(await key.sign({ ...goodClaims(), sub: `user-${user}` }))).toBe(
      `user-${user}`,
    );
  }
  expect(provider.fetches()).toBe(1);
});

test('a new key of the provider is accepted, and a removed key is rejected', async () => {
  const [first, second] = [await createKey('1'), await createKey('2')];
  const { provider, ask } = await startBoth([first]);
  expect(await ask(await first.sign(goodClaims()))).toBe('alice');
  provider.rotate([second]);
  vi.setSystemTime(Date.now() + COOLDOWN_MS + 1);
  expect(await ask(await second.sign(goodClaims()))).toBe('alice');
  expect(await ask(await first.sign({ ...goodClaims(), sub: 'bob' }))).toBe('unauthenticated');
});

test('tokens with unknown keys do not cause a request to the provider each time', async () => {
  const [key, stranger] = [await createKey('1'), await createKey('x')];
  const { provider, ask } = await startBoth([key]);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const token = await stranger.sign(goodClaims(), { kid: `invented-${attempt}` });
    expect(await ask(token)).toBe('unauthenticated');
  }
  expect(provider.fetches()).toBe(1);
});

test('with an unreachable provider a new token is 503, not 401', async () => {
  const key = await createKey('1');
  const provider = await startProvider([key]);
  const token = await key.sign(goodClaims());
  await provider.close();
  const { ask, read, logged } = await startTrusting(provider.jwksUrl);
  expect(await ask(token)).toBe('unavailable');
  expect((await read(token)).headers['retry-after']).toBe('2');
  expect(logged.join('')).toContain(provider.jwksUrl);
});

test('an invalid answer of the provider is 503 until the provider recovers', async () => {
  const key = await createKey('1');
  const { provider, ask } = await startBoth([key]);
  const token = await key.sign(goodClaims());
  provider.respondWith((response) => response.writeHead(500).end('oops'));
  expect(await ask(token)).toBe('unavailable');
  provider.respondWith((response) => response.writeHead(302, { location: '/login' }).end());
  expect(await ask(token)).toBe('unavailable');
  provider.respondWith((response) => response.end('<html>'));
  expect(await ask(token)).toBe('unavailable');
  provider.respondWith((response) => response.end('{"keys":"none"}'));
  expect(await ask(token)).toBe('unavailable');
  provider.respondWith((response) => response.destroy());
  expect(await ask(token)).toBe('unavailable');
  provider.rotate([key]);
  expect(await ask(token)).toBe('alice');
});

test('while the provider is unreachable, a verified token is valid until it expires', async () => {
  const key = await createKey('1');
  const { provider, ask } = await startBoth([key]);
  const token = await key.sign(goodClaims());
  expect(await ask(token)).toBe('alice');
  await provider.close();
  vi.setSystemTime(Date.now() + 3_599_000);
  expect(await ask(token)).toBe('alice');
  vi.setSystemTime(Date.now() + 2_000);
  expect(await ask(token)).toBe('unavailable');
});
