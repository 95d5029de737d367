import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { encodeCursor } from '../contract/index.ts';
import { startSystem } from '../system.ts';

const startWallets = async () => {
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS);
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  for (const userId of ['alice', 'bob']) await call('putUser', { params: { userId } });
  const charge = async (userId: string, amount: number): Promise<void> => {
    const key = `${userId} ${amount}`;
    bodyOf(await call('chargeWallet', { params: { userId }, body: { amount }, key }));
  };
  const list = (userId: string, query: object) =>
    call('listWalletEntries', { params: { userId }, query });
  const page = async (userId: string, query: object) => {
    const { items, nextCursor } = bodyOf(await list(userId, query));
    const amounts = (items as { amount: number }[]).map(({ amount }) => amount);
    return { amounts, nextCursor };
  };
  return { charge, list, page };
};

test('entries are listed newest first, page by page, also while entries are added', async () => {
  const { charge, page } = await startWallets();
  for (let amount = 1; amount <= 25; amount++) await charge('alice', amount);
  await charge('bob', 99);
  expect((await page('alice', {})).amounts).toEqual(Array.from({ length: 20 }, (_, n) => 25 - n));

  const seen: number[] = [];
  let cursor: unknown;
  do {
    const { amounts, nextCursor } = await page('alice', {
      limit: 7,
      ...(cursor === undefined ? {} : { cursor }),
    });
    seen.push(...amounts);
    cursor = nextCursor;
    await charge('alice', 100 + seen.length);
  } while (cursor !== null);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => 25 - n));
});

test('the last page has no cursor, even when it is full', async () => {
  const { charge, page } = await startWallets();
  expect(await page('alice', {})).toEqual({ amounts: [], nextCursor: null });
  for (const amount of [1, 2, 3]) await charge('alice', amount);
  expect(await page('alice', { limit: 3 })).toEqual({ amounts: [3, 2, 1], nextCursor: null });
});

test('a cursor of another list is refused, an unknown user is not found', async () => {
  const { list } = await startWallets();
  const given = [['1'], [0], [1.5], [1, 2], [], [2 ** 53]].map((place) =>
    encodeCursor('listWalletEntries alice', place),
  );
  for (const cursor of ['garbage', ...given]) {
    expect(await list('alice', { cursor })).toMatchObject({
      kind: 'problem',
      code: 'invalid_request',
    });
  }
  expect(await list('nobody', {})).toEqual({ kind: 'problem', code: 'user_not_found' });
});
