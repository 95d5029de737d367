import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryDirectory } from '../../test/support/service.ts';
import { loadSigningKey } from './signing-key.ts';
import { createTokens, issueToken, type TokenClaims } from './tokens.ts';

// Fakes only the clock, because signatures and files need real time.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

const startOwn = async () => {
  const directory = await temporaryDirectory();
  const key = await loadSigningKey(directory);
  const tokens = await createTokens({ kind: 'own', directory });
  const issue = async (claims: Partial<TokenClaims> = {}) => {
    const whole = { role: 'customer', userId: 'alice', expiresInSeconds: 60, ...claims } as const;
    return `Bearer ${await issueToken(key, whole)}`;
  };
  return { tokens, issue };
};

const ALICE = { role: 'customer', userId: 'alice' };

const pass = (seconds: number): void => {
  vi.setSystemTime(Date.now() + seconds * 1_000);
};

test('a token identifies its subject and role', async () => {
  const { tokens, issue } = await startOwn();
  expect(await tokens.verify(await issue())).toEqual(ALICE);
  const staff = { role: 'staff', userId: 'x'.repeat(64) } as const;
  expect(await tokens.verify(await issue(staff))).toEqual(staff);
});

test('a verified token is known until it expires', async () => {
  const { tokens, issue } = await startOwn();
  const token = await issue({ expiresInSeconds: 60 });
  expect(tokens.known(token)).toBeUndefined();
  expect(await tokens.verify(token)).toEqual(ALICE);
  expect(tokens.known(token)).toEqual(ALICE);
  pass(59);
  expect(tokens.known(token)).toEqual(ALICE);
  expect(await tokens.verify(token)).toEqual(ALICE);
  pass(1);
  expect(tokens.known(token)).toBeUndefined();
  expect(await tokens.verify(token)).toBeUndefined();
});

test('a rejected token is not known', async () => {
  const { tokens, issue } = await startOwn();
  const { issue: issueElsewhere } = await startOwn();
  const refused = [await issue({ userId: 'me' }), await issueElsewhere(), 'Bearer a.b.c', ''];
  for (const token of refused) {
    expect(await tokens.verify(token)).toBeUndefined();
    expect(tokens.known(token)).toBeUndefined();
  }
});

test('a token that begins with a known token is not known', async () => {
  const { tokens, issue } = await startOwn();
  const token = await issue();
  await tokens.verify(token);
  for (const other of [`${token}A`, token.slice(0, -1), `${token} `, token.toUpperCase()]) {
    expect(tokens.known(other)).toBeUndefined();
    expect(await tokens.verify(other)).toBeUndefined();
  }
});

test('without a header there is no caller', async () => {
  const { tokens } = await startOwn();
  expect(tokens.known(undefined)).toBeUndefined();
  expect(await tokens.verify(undefined)).toBeUndefined();
});
