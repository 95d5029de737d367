import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { waitUntil } from '../../test/support/wait.ts';
import type { Role } from '../contract/index.ts';
import { closePool, openPool } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { createKey } from './api-key.ts';
import { apiKeyRoutes } from './api-key-routes.ts';
import { acceptApiKeys, startApiKeys } from './api-keys.ts';
import { deleteApiKey, insertApiKey, recordUses } from './queries.gen.ts';
import { createTokens } from './tokens.ts';

// Fakes only the two clocks: queries and polls need real time.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

const start = async () => {
  const url = await createTestDatabase();
  const pool = openPool(url, 2);
  const queries: string[] = [];
  let isLost = false;
  let isOpen = Promise.resolve();
  let answers = 0;
  const db: Queryable = {
    query: async (config) => {
      queries.push(String(config.name).replace('identity.', ''));
      if (isLost) throw new Error('lost');
      const result = await pool.query(config);
      answers += 1;
      await isOpen;
      return result;
    },
  };
  const apiKeys = startApiKeys(db, () => undefined);
  onTestFinished(async () => {
    await apiKeys.stop();
    await closePool(pool);
  });
  const insert = async (apiKeyId: string, role: Role, expiresAt: Date | null = null) => {
    const { key, ...stored } = createKey();
    const row = { apiKeyId, ...stored, name: 'x', role, userId: 'shop', createdBy: 's', expiresAt };
    await insertApiKey(pool, row);
    return `Bearer ${key}`;
  };
  const polls = () => queries.filter((name) => name === 'FindKeptApiKeys').length;
  return {
    url,
    pool,
    apiKeys,
    insert,
    queries,
    lookups: () => queries.filter((name) => name === 'FindApiKeys').length,
    /** Waits for a poll that begins after the call. */
    poll: async () => {
      const before = polls();
      await waitUntil(() => polls() >= before + 2, 'two polls');
    },
    lose: () => {
      isLost = true;
    },
    answers: () => answers,
    /** Keeps back the answers of all queries until the returned function is called. */
    delayAnswers: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      isOpen = promise;
      return resolve;
    },
  };
};

const ID = '01980000-0000-7000-8000-000000000001';
const SHOP = { role: 'service', userId: 'shop' };

test('a key is known after one query, which calls of one turn share', async () => {
  const { apiKeys, insert, lookups } = await start();
  const authorization = await insert(ID, 'service');
  expect(apiKeys.known(authorization)).toBeUndefined();
  const calls = Array.from({ length: 10 }, () => apiKeys.verify(authorization));
  expect(await Promise.all(calls)).toEqual(calls.map(() => SHOP));
  expect(apiKeys.known(authorization)).toEqual(SHOP);
  expect(lookups()).toBe(1);
});

test('an invalid key costs no query, and an unknown key costs one', async () => {
  const { apiKeys, lookups } = await start();
  const { key } = createKey();
  expect(await apiKeys.verify(`Bearer ${key}x`)).toBeUndefined();
  expect(await apiKeys.verify(undefined)).toBeUndefined();
  expect(lookups()).toBe(0);
  const unknown = [key, ...Array.from({ length: 500 }, () => createKey().key)];
  await Promise.all(unknown.map((each) => apiKeys.verify(`Bearer ${each}`)));
  for (let n = 0; n < 5; n += 1) await apiKeys.verify(`Bearer ${key}`);
  expect(lookups()).toBe(1);
});

test('an expired key is rejected, with one query', async () => {
  const { apiKeys, insert, lookups } = await start();
  const authorization = await insert(ID, 'service', new Date(Date.now() + 60_000));
  expect(await apiKeys.verify(authorization)).toEqual(SHOP);
  vi.setSystemTime(Date.now() + 59_999);
  expect(apiKeys.known(authorization)).toEqual(SHOP);
  vi.setSystemTime(Date.now() + 1);
  expect(apiKeys.known(authorization)).toBeUndefined();
  for (let n = 0; n < 5; n += 1) expect(await apiKeys.verify(authorization)).toBeUndefined();
  expect(lookups()).toBe(2);
});

test('a poll finds that another process revoked a key', async () => {
  const { apiKeys, insert, pool, poll } = await start();
  const authorization = await insert(ID, 'service');
  await apiKeys.verify(authorization);
  await poll();
  expect(apiKeys.known(authorization)).toEqual(SHOP);
  await deleteApiKey(pool, { apiKeyId: ID });
  // No clock moves here, so only a poll can reject the key.
  await waitUntil(() => apiKeys.known(authorization) === undefined, 'the poll');
  expect(await apiKeys.verify(authorization)).toBeUndefined();
});

test('a key that no query has found for a second is not known', async () => {
  const { apiKeys, insert, lookups, lose } = await start();
  const authorization = await insert(ID, 'service');
  await apiKeys.verify(authorization);
  lose();
  vi.advanceTimersByTime(1_000);
  expect(apiKeys.known(authorization)).toEqual(SHOP);
  vi.advanceTimersByTime(1);
  expect(apiKeys.known(authorization)).toBeUndefined();
  await expect(apiKeys.verify(authorization)).rejects.toThrow('lost');
  expect(lookups()).toBe(2);
});

test('a key that is revoked during a look-up is not known after it', async () => {
  const { pool, apiKeys, insert, answers, delayAnswers } = await start();
  const authorization = await insert(ID, 'service');
  const routes = apiKeyRoutes(pool, apiKeys.reject);
  const route = routes.find(({ operation }) => operation === 'revokeApiKey');
  const open = delayAnswers();
  const lookup = apiKeys.verify(authorization);
  await waitUntil(() => answers() === 1, 'the row');
  const absent = { query: {}, body: {}, caller: undefined, idempotencyKey: undefined };
  const revocation = await route?.handle({ ...absent, params: { apiKeyId: ID } });
  expect(revocation).toMatchObject({ status: 204 });
  // The row was found before the revocation.
  open();
  await lookup;
  expect(apiKeys.known(authorization)).toBeUndefined();
  expect(await apiKeys.verify(authorization)).toBeUndefined();
});

const LAST_USE = 'select round(extract(epoch from last_used_at) * 1000) from identity.api_keys';

test('the last use is recorded at most once a minute', async () => {
  const { url, apiKeys, insert, poll, queries } = await start();
  const authorization = await insert(ID, 'service');
  const writes = () => queries.filter((name) => name === 'RecordUses').length;
  const first = Date.now();
  await apiKeys.verify(authorization);
  await poll();
  for (const passed of [1_000, 59_999]) {
    vi.setSystemTime(first + passed);
    expect(apiKeys.known(authorization)).toEqual(SHOP);
    await poll();
    expect(writes()).toBe(1);
  }
  expect(await queryColumn(url, LAST_USE)).toEqual([String(first)]);
  vi.setSystemTime(first + 60_000);
  apiKeys.known(authorization);
  await poll();
  expect(writes()).toBe(2);
  expect(await queryColumn(url, LAST_USE)).toEqual([String(first + 60_000)]);
});

test('a use within a minute after one that another process recorded is not recorded', async () => {
  const { pool, insert } = await start();
  await insert(ID, 'service');
  const first = Date.now();
  const record = (passed: number) =>
    recordUses(pool, [{ apiKeyId: ID, usedAt: new Date(first + passed) }]);
  expect(await record(0)).toBe(1);
  for (const passed of [0, 1, 59_999]) expect(await record(passed)).toBe(0);
  expect(await record(60_000)).toBe(1);
});

test('beside tokens of an unreachable identity provider, keys are accepted', async () => {
  const { apiKeys, insert } = await start();
  const tokens = await createTokens({
    kind: 'provider',
    jwksUrl: 'http://127.0.0.1:9/keys',
    issuer: 'issuer',
    audience: 'moa',
  });
  const both = acceptApiKeys(tokens, apiKeys);
  const authorization = await insert(ID, 'customer');
  const caller = { role: 'customer', userId: 'shop' };
  expect(await both.verify(authorization)).toEqual(caller);
  expect(both.known(authorization)).toEqual(caller);
  expect(await both.verify(`Bearer ${createKey().key}`)).toBeUndefined();
});
