import { expect, onTestFinished, test } from 'vitest';
import { createExchange } from '../../test/support/client.ts';
import { problemIn } from '../../test/support/problem.ts';
import { startTestServer } from '../../test/support/http-server.ts';

/** The limits per minute that api.md and the policies name. */
const ANONYMOUS_MAX = 6_000;
const CUSTOMER_MAX = 1_200;

const PUBLIC = '/v1/outcomes/replayed';
const WALLET = '/v1/users/me/wallet';

const startLimited = async (trustProxy = false) => {
  const server = await startTestServer({ rateLimit: true, trustProxy });
  onTestFinished(server.close);
  const exchange = createExchange(server.url);
  return {
    ...server,
    read: (path: string, headers: Record<string, string> = {}) =>
      exchange({ method: 'GET', path, headers }),
    /** Sends a number of requests without the network. */
    spend: async (count: number, url: string, headers: Record<string, string> = {}) => {
      for (let spent = 0; spent < count; spent += 100) {
        const batch = Array.from({ length: Math.min(100, count - spent) }, () =>
          server.app.inject({ method: 'GET', url, headers }),
        );
        await Promise.all(batch);
      }
    },
  };
};

test('an address beyond its limit is answered with Retry-After', async () => {
  const { read, spend } = await startLimited();
  const first = await read(PUBLIC);
  expect(first.status).toBe(201);
  expect(first.headers['ratelimit-policy']).toBe(`"anonymous";q=${ANONYMOUS_MAX};w=60`);
  expect(first.headers['ratelimit']).toMatch(/^"anonymous";r=5999;t=(60|59)$/);

  await spend(ANONYMOUS_MAX - 1, PUBLIC);
  const refused = await read(PUBLIC);
  expect(problemIn(refused, PUBLIC)).toBe('rate_limited');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(refused.headers['ratelimit-policy']).toBe(`"anonymous";q=${ANONYMOUS_MAX};w=60`);
  expect(refused.headers['ratelimit']).toMatch(/^"anonymous";r=0;t=\d+$/);

  // The limit comes before costly work: no token is verified, no route is looked up.
  expect(problemIn(await read(WALLET, { authorization: 'Bearer a.b.c' }))).toBe('rate_limited');
  expect(problemIn(await read('/v1/nothing'))).toBe('rate_limited');
});

test('services, staff and health checks are served at an address beyond its limit', async () => {
  const { read, spend, shop, staff } = await startLimited();
  for (const authorization of [shop, staff]) await read(WALLET, { authorization });
  await spend(ANONYMOUS_MAX, PUBLIC);
  expect(problemIn(await read(PUBLIC))).toBe('rate_limited');
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    expect((await read(path)).status).toBe(200);
  }
  for (const authorization of [shop, staff]) {
    const answer = await read(WALLET, { authorization });
    expect(answer.status).toBe(201);
    expect(answer.headers['ratelimit']).toBeUndefined();
  }
});

test('each customer has a separate count, from any address', async () => {
  const { read, spend, alice, bearer } = await startLimited();
  const bob = await bearer({ role: 'customer', userId: 'bob' });
  // A token that is not yet verified counts for the address.
  for (const authorization of [alice, bob]) {
    const answer = await read(WALLET, { authorization });
    expect(answer.headers['ratelimit']).toMatch(/^"anonymous"/);
  }
  await spend(CUSTOMER_MAX, WALLET, { authorization: alice });
  const refused = await read(WALLET, { authorization: alice });
  expect(problemIn(refused, WALLET)).toBe('rate_limited');
  expect(refused.headers['ratelimit-policy']).toBe(`"customer";q=${CUSTOMER_MAX};w=60`);
  const answer = await read(WALLET, { authorization: bob });
  expect(answer.status).toBe(201);
  expect(answer.headers['ratelimit']).toMatch(/^"customer";r=1199;/);
});

test('a forged X-Forwarded-For does not change the counted address', async () => {
  const { read } = await startLimited();
  const remaining = async (forwarded: string) => {
    const { headers } = await read(PUBLIC, { 'x-forwarded-for': forwarded });
    return /r=(\d+)/.exec(String(headers['ratelimit']))?.[1];
  };
  expect(await remaining('192.0.2.1')).toBe('5999');
  expect(await remaining('192.0.2.2')).toBe('5998');
});

test('behind a proxy the address that the proxy saw counts, not forged ones', async () => {
  const { read } = await startLimited(true);
  const remaining = async (forwarded: string) => {
    const { headers } = await read(PUBLIC, { 'x-forwarded-for': forwarded });
    return /r=(\d+)/.exec(String(headers['ratelimit']))?.[1];
  };
  expect(await remaining('192.0.2.1')).toBe('5999');
  expect(await remaining('192.0.2.2')).toBe('5999');
  expect(await remaining('203.0.113.7, 192.0.2.1')).toBe('5998');
  // All addresses of an IPv6 subnet belong to one caller.
  expect(await remaining('2001:db8:1:2::1')).toBe('5999');
  expect(await remaining('2001:db8:1:2:ffff::9')).toBe('5998');
  expect(await remaining('2001:db8:1:3::1')).toBe('5999');
});
