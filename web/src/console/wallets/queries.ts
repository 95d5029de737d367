import { keepPreviousData, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { components } from '@moa-commerce/client';
import { dataOf, moa } from '../../api/moa.ts';
import { listQuery } from '../parts/list-query.ts';

export type User = components['schemas']['User'];

/** Entries are read in short pages: they stand in the panel of a user. */
const ENTRIES = 20;
/** How often an open wallet is read again. */
export const WALLET_EVERY_MS = 5_000;

const USERS = ['console', 'users'] as const;
const userKey = (userId: string) => ['console', 'user', userId] as const;

/** Users by id, or those that a text finds. */
export const usersQuery = (text: string) => ({
  ...listQuery({
    queryKey: [...USERS, text],
    readPage: ({ limit, cursor, signal }) => {
      const query = { limit, ...(text === '' ? {} : { query: text }) };
      return dataOf(moa.list('/v1/users', { query, signal }).page(cursor));
    },
  }),
  placeholderData: keepPreviousData,
});

export const userQuery = (userId: string) =>
  queryOptions({
    queryKey: [...userKey(userId), 'itself'],
    queryFn: ({ signal }) =>
      dataOf(moa.calls.get('/v1/users/{userId}', { path: { userId }, signal })),
  });

export const userWalletQuery = (userId: string) =>
  queryOptions({
    queryKey: [...userKey(userId), 'wallet'],
    queryFn: ({ signal }) => dataOf(moa.wallet(userId).get({ signal })),
  });

/** The wallet as it was at a time. */
export const pastWalletQuery = (userId: string, at: Date) =>
  queryOptions({
    queryKey: [...userKey(userId), 'wallet-at', at.getTime()],
    queryFn: ({ signal }) =>
      dataOf(
        moa.calls.get('/v1/users/{userId}/wallet', {
          path: { userId },
          query: { at: at.toISOString() },
          signal,
        }),
      ),
  });

export const userEntriesQuery = (userId: string) =>
  listQuery({
    queryKey: [...userKey(userId), 'entries'],
    readPage: ({ limit, cursor, signal }) =>
      dataOf(moa.wallet(userId).entries({ limit }, { signal }).page(cursor)),
    limit: ENTRIES,
    everyMs: WALLET_EVERY_MS,
  });

/** Reads again what an effect on a user has changed. */
export const refreshUser = async (client: QueryClient, userId: string): Promise<void> => {
  void client.invalidateQueries({ queryKey: USERS });
  await client.invalidateQueries({ queryKey: userKey(userId) });
};
